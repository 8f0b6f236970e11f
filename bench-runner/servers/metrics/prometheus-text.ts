// The Prometheus text format (version 0.0.4, and the quoted names of Prometheus 3), line by line: a line that is malformed loses
// itself, never the scrape. The npm package that this replaces throws on blanks between labels, which the format allows,
// does not know quoted names, and takes what is malformed for a sample.
//
// https://prometheus.io/docs/instrumenting/exposition_formats and https://prometheus.io/docs/guides/utf8

/** One line. HELP and TYPE say nothing that is needed here: each line of a histogram or a summary is a sample of its own. */
export interface PrometheusSample {
  name: string;
  /** In the order of the line, escapes undone. */
  labels: readonly (readonly [name: string, value: string])[];
  /** NaN, Infinity and -Infinity among them. */
  value: number;
  timestampMs?: number;
}

const NAME = /[a-zA-Z_:][\w:]*/y;
const LABEL = /[a-zA-Z_]\w*/y;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"/y;
const BLANKS = /[ \t]*/y;
// What Go's ParseFloat accepts, except hexadecimals.
const NUMBER = /[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)(?=[ \t]|$)/iy;
const TIMESTAMP = /[+-]?\d+(?=[ \t]|$)/y;

export function parsePrometheusText(text: string): PrometheusSample[] {
  return text.split("\n").flatMap((line) => parseSampleLine(line.replace(/\r$/, "")) ?? []);
}

/** Undefined for a comment, an empty line, and what is no line of the format. */
function parseSampleLine(line: string): PrometheusSample | undefined {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    if (found === null) return undefined;
    at += found[0].length;
    return found[1] ?? found[0];
  };
  const skip = (character: string): boolean => {
    take(BLANKS);
    if (line[at] !== character) return false;
    at++;
    take(BLANKS);
    return true;
  };

  take(BLANKS);
  let name = take(NAME);
  const labels: [string, string][] = [];
  if (skip("{")) {
    while (!skip("}")) {
      const quoted = line[at] === '"';
      const label = quoted ? withoutEscapes(take(QUOTED)) : take(LABEL);
      if (label === undefined) return undefined;
      if (skip("=")) {
        const value = withoutEscapes(take(QUOTED));
        if (value === undefined) return undefined;
        labels.push([label, value]);
      } else if (quoted && name === undefined && labels.length === 0) name = label;
      else return undefined;
      if (!skip(",") && line[at] !== "}") return undefined;
    }
  } else if (name === undefined || !/[ \t]/.test(line[at - 1] ?? "")) return undefined;
  const value = take(NUMBER);
  if (name === undefined || value === undefined) return undefined;
  take(BLANKS);
  const timestamp = at === line.length ? undefined : take(TIMESTAMP);
  take(BLANKS);
  if (at !== line.length) return undefined;
  return {
    name,
    labels,
    value: toNumber(value),
    ...(timestamp !== undefined && { timestampMs: Number(timestamp) }),
  };
}

/** `\\`, `\"` and `\n`; any other pair stays as it is, as Prometheus' own reader for Python has it. */
function withoutEscapes(text: string | undefined): string | undefined {
  return text?.replace(/\\([\\"n])/g, (_pair, character) => (character === "n" ? "\n" : character));
}

function toNumber(text: string): number {
  return Number(text.replace(/inf(inity)?$/i, "Infinity").replace(/^[+-]?nan$/i, "NaN"));
}
