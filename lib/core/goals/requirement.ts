// Requirements on a run: `ttft.p95 < 800ms`, `success >= 99%`. One grammar for gates, early ends and comparisons.
//
//   requirement = subject ["." statistic ["." "certified"]] comparison value
//   value       = number [unit]            in a comparison of runs also ("+" | "-") number ("%" | unit): a change
import { OptionError } from "../option-error.ts";
import { parseQuantity, toExamples } from "../options/quantity.ts";
import type { Unit } from "../units.ts";
import {
  findSubject,
  SUBJECTS,
  type Subject,
  type SubjectKey,
  toSubjectName,
} from "./requirement-subjects.ts";

export const STATISTICS = ["count", "min", "mean", "median", "p90", "p95", "p99", "max", "std"] as const;
export type StatisticName = (typeof STATISTICS)[number];
const CERTIFIABLE: readonly string[] = ["p90", "p95", "p99"];
const OTHER_STATISTICS: Readonly<Record<string, StatisticName>> = {
  avg: "mean",
  med: "median",
  p50: "median",
};

export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

export interface Requirement {
  /** As written, trimmed. */
  text: string;
  subject: SubjectKey;
  /** Only for a trend. */
  statistic?: StatisticName;
  /** The certified value of the percentile. */
  certified?: true;
  comparison: Comparison;
  /** In the subject's unit; a relative change is a share of the base. */
  value: number;
  /** In a comparison of runs: `value` is a difference from the base. */
  change?: "relative" | "absolute";
}

/** A syntax error and its position in the text. */
class Mistake {
  readonly at: number;
  readonly message: string;

  constructor(at: number, message: string) {
    this.at = at;
    this.message = message;
  }
}

/**
 * @param source the option, such as "`--require`"
 * @param changes values such as `+10%` are allowed: a change from the base
 * @throws OptionError with the text and a caret under what is wrong
 */
export function parseRequirement(
  text: string,
  source: string,
  { changes = false }: { changes?: boolean } = {},
): Requirement {
  const trimmed = text.trim();
  try {
    return parse(trimmed, changes);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    throw new OptionError(`${source}: ${error.message}\n  ${trimmed}\n  ${" ".repeat(error.at)}^`);
  }
}

function parse(text: string, changes: boolean): Requirement {
  const [name = ""] = /^[\w-]*/.exec(text) ?? [];
  const subject = findSubject(name);
  if (subject === undefined) throw new Mistake(0, toUnknown(name));
  const [path = ""] = /^(\.[\w-]*)*/.exec(text.slice(name.length)) ?? [];
  const statistic = parseStatistic(subject, name, path);
  const rest = text.slice(name.length + path.length);
  const [before = "", sign = ""] = /^\s*([<>=!]*)/.exec(rest) ?? [];
  const at = text.length - rest.length;
  const comparison = (["<", "<=", ">", ">=", "==", "!="] as const).find((known) => known === sign);
  if (comparison === undefined) {
    throw new Mistake(
      at + before.length - sign.length,
      `expected \`<\`, \`<=\`, \`>\`, \`>=\`, \`==\` or \`!=\` after \`${name}${path}\``,
    );
  }
  const written = rest.slice(before.length);
  const blanks = written.length - written.trimStart().length;
  const unit = statistic.statistic === "count" ? "count" : subject.unit;
  const value = parseValue(written.trim(), unit, changes);
  if (value === undefined) {
    const change = changes ? ", or a change such as `+10%`" : "";
    throw new Mistake(at + before.length + blanks, `expected a value such as ${toExamples(unit)}${change}`);
  }
  return { text, subject: subject.key, ...statistic, comparison, ...value };
}

function parseStatistic(
  { hasStatistic }: Subject,
  name: string,
  path: string,
): Pick<Requirement, "statistic" | "certified"> {
  const [word, last, ...more] = path.split(".").slice(1);
  if (!hasStatistic) {
    if (word === undefined) return {};
    throw new Mistake(name.length, `\`${name}\` is a single figure without statistics: remove \`.${word}\``);
  }
  const known = STATISTICS.find((statistic) => statistic === (OTHER_STATISTICS[word ?? ""] ?? word));
  if (known === undefined) {
    throw new Mistake(
      name.length + (word === undefined ? 0 : 1),
      `expected a statistic of \`${name}\`, such as \`${name}.p95\`: one of ${STATISTICS.join(", ")}`,
    );
  }
  if (last === undefined) return { statistic: known };
  if (last !== "certified" || more.length > 0 || !CERTIFIABLE.includes(known)) {
    throw new Mistake(
      name.length + 1 + (word as string).length + 1,
      "expected nothing more, or `certified` after p90, p95 or p99",
    );
  }
  return { statistic: known, certified: true };
}

function parseValue(
  text: string,
  unit: Unit,
  changes: boolean,
): Pick<Requirement, "value" | "change"> | undefined {
  const isSigned = /^[+-]/.test(text);
  if (!changes || !isSigned) {
    const value = isSigned ? undefined : parseQuantity(text, unit);
    return value === undefined ? undefined : { value };
  }
  const relative = parseQuantity(text, "share");
  // +5% of a share could mean five points or a twentieth: a change of a share is in points.
  if (unit === "share") return relative === undefined ? undefined : { value: relative, change: "absolute" };
  if (text.endsWith("%")) return relative === undefined ? undefined : { value: relative, change: "relative" };
  const value = parseQuantity(text, unit);
  return value === undefined ? undefined : { value, change: "absolute" };
}

function toUnknown(name: string): string {
  const names = SUBJECTS.map(({ key }) => toSubjectName(key)).join(", ");
  const found = name === "" ? "expected the name of a figure" : `\`${name}\` is not a figure of a run`;
  return `${found}: one of ${names}`;
}

/** Whether `value` fulfils the comparison with `limit`. */
export function holds(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
    case "!=":
      return value !== limit;
  }
}
