// An option: what its text must be, how its value is read, and from where: flag, variable, file or default.
import { hideUrlSecrets } from "../apis/url-secrets.ts";
import { toKebab, toSnake } from "../key-names.ts";
import { OptionError } from "../option-error.ts";
import { parseSeconds } from "../parse-seconds.ts";
import { parseStages } from "../plans/stages.ts";
import { isDistribution } from "../prompts/distribution.ts";
import type { OptionGroupName } from "./option-groups.ts";

/**
 * What an option's text must be. `seconds` takes "90", "1.5", "10m", "1h30m", "500ms"; `words` a JSON list or one word;
 * `stages` what plans/stages.ts reads; `distribution` what distribution.ts reads; `json` a JSON object or list, whose value
 * stays a text.
 */
export type OptionKind =
  | "count"
  | "whole"
  | "number"
  | "positive"
  | "share"
  | "seconds"
  | "text"
  | "path"
  | "url"
  | "words"
  | "switch"
  | "stages"
  | "distribution"
  | "json"
  | "choice";

export interface OptionSpec {
  kind: OptionKind;
  /** Command line flag, without the dashes; absent where a value must not appear in the process list. */
  flag?: string;
  /** Environment variable. */
  variable?: string;
  default?: OptionValue;
  choices?: readonly string[];
  /** Never printed, logged or written. */
  secret?: boolean;
  /** An empty variable is a value: nothing. For any other option it counts as not given. */
  mayBeEmpty?: boolean;
}

/** A row of a table of options: everything that is known about one option. */
export interface OptionRow extends Omit<OptionSpec, "flag" | "variable"> {
  group: OptionGroupName;
  /** What it means, in one sentence: for `--help all`, documents and schemas. */
  text: string;
  /** The same in a few words; an option with it is in the one-screen help. */
  brief?: string;
  /** Default: the key, as in `--max-tokens`; false for none. */
  flag?: string | false;
  /** Default: the key, as in `SERVER_BENCH_MAX_TOKENS`; false for none. */
  variable?: string | false;
  /** What help shows as its value; default: by its kind. */
  placeholder?: string;
  /** The value of a flag without one. */
  bare?: string;
  /** Several values make a matrix: `--model a --model b` is `--model a,b`. */
  isList?: boolean;
  /** Its text may begin with a dash. */
  mayStartWithDash?: boolean;
}

/** An option of a table, with its names. */
export type DefinedOption = OptionSpec & Omit<OptionRow, "flag" | "variable">;

type Named<R extends OptionRow> = Omit<R, "flag" | "variable"> &
  (R extends { flag: false } ? unknown : { flag: string }) &
  (R extends { variable: false } ? unknown : { variable: string });

/** A table of options: the names that follow from the key are filled in. */
export function defineOptions<const T extends Record<string, OptionRow>>(
  rows: T,
): { [K in keyof T]: Named<T[K]> } {
  const options = Object.entries<OptionRow>(rows).map(([key, { flag, variable, ...row }]) => [
    key,
    {
      ...row,
      ...(flag !== false && { flag: flag ?? toKebab(key) }),
      ...(variable !== false && { variable: variable ?? `SERVER_BENCH_${toSnake(key).toUpperCase()}` }),
    },
  ]);
  return Object.fromEntries(options);
}

export type OptionValue = string | number | boolean | readonly string[];
export type Origin = "flag" | "variable" | "file" | "default";

type ValueOf<S extends OptionSpec> = S["kind"] extends
  | "count"
  | "whole"
  | "number"
  | "positive"
  | "share"
  | "seconds"
  ? number
  : S["kind"] extends "distribution"
    ? string
    : S["kind"] extends "words"
      ? readonly string[]
      : S["kind"] extends "switch"
        ? boolean
        : S extends { choices: readonly (infer C)[] }
          ? C
          : string;

/** The resolved values of a table of options; an option without a default may be absent. */
export type Values<T extends Record<string, OptionSpec>> = {
  [K in keyof T as T[K] extends { default: OptionValue } ? K : never]: ValueOf<T[K]>;
} & {
  [K in keyof T as T[K] extends { default: OptionValue } ? never : K]?: ValueOf<T[K]>;
};

const EXPECTED: Record<OptionKind, string> = {
  count: "a whole number above 0",
  whole: "a whole number, 0 or above",
  number: "a number",
  positive: "a number above 0",
  share: "a number from 0 to 1",
  seconds: "a time such as `90`, `1.5`, `10m` or `1h30m`",
  text: "some text",
  path: "a path",
  url: "a URL that starts with http:// or https://",
  words: 'a word, or a JSON list of words such as `["a", "b"]`',
  switch: "`true` or `false`",
  stages: "stages such as `30s:3,1m:10` (duration:number), or rising `30s:1-5`",
  distribution:
    "a number or a distribution: `512`, `uniform:100-900`, `normal:512,128`, `lognormal:512,256`, `zipf:1.1,1-4096`, `exponential:2` or `histogram:128=5,256-512=1`",
  json: "a JSON object or list",
  choice: "one of",
};

function parseWords(text: string): readonly string[] | undefined {
  if (!text.startsWith("[")) return [text];
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

function parseNumber(text: string, accepts: (value: number) => boolean): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && accepts(value) ? value : undefined;
}

/** With its scheme in small letters, without blanks around it. */
function parseUrl(text: string): string | undefined {
  const url = text.trim().replace(/^https?:/i, (scheme) => scheme.toLowerCase());
  return /^https?:\/\/[^\s/]\S*$/.test(url) ? url : undefined;
}

function parse(spec: OptionSpec, text: string): OptionValue | undefined {
  switch (spec.kind) {
    case "count":
      return parseNumber(text, (value) => Number.isInteger(value) && value > 0);
    case "whole":
      return parseNumber(text, (value) => Number.isInteger(value) && value >= 0);
    case "number":
      return parseNumber(text, () => true);
    case "positive":
      return parseNumber(text, (value) => value > 0);
    case "share":
      return parseNumber(text, (value) => value >= 0 && value <= 1);
    case "seconds":
      return parseSeconds(text);
    case "words":
      return parseWords(text);
    case "switch":
      if (["true", "1", ""].includes(text)) return true;
      return ["false", "0"].includes(text) ? false : undefined;
    case "stages":
      return parseStages(text) && text;
    case "distribution":
      return spec.choices?.includes(text) || isDistribution(text) ? text : undefined;
    case "json":
      return isJson(text) ? text : undefined;
    case "choice":
      return spec.choices?.includes(text) ? text : undefined;
    case "url":
      return parseUrl(text);
    case "path":
      return text === "" ? undefined : text;
    case "text":
      return text;
  }
}

/**
 * The value of one option from its text.
 * @param source how the user wrote it: "`--max-tokens`", "`SERVER_BENCH_MAX_TOKENS`", "`maxTokens` in bench.yaml"
 * @throws OptionError when the text does not fit the option's kind
 */
export function parseOption(spec: OptionSpec, text: string, source: string): OptionValue {
  const value = parse(spec, text);
  if (value === undefined) {
    const shown = spec.secret ? "a secret" : `\`${spec.kind === "url" ? hideUrlSecrets(text) : text}\``;
    const or = spec.kind === "distribution" ? ", or" : "";
    const choices = spec.choices ? `${or} ${spec.choices.map((choice) => `\`${choice}\``).join(", ")}` : "";
    throw new OptionError(`${source}: expected ${EXPECTED[spec.kind]}${choices}, got ${shown}.`);
  }
  return value;
}

/** Where the texts of options come from, each absent when not given. */
export interface OptionSources {
  /** By flag name. */
  flags?: Readonly<Record<string, string | undefined>>;
  /** By variable name. An empty one counts as not given, unless the option may be empty. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** By option key. */
  file?: Readonly<Record<string, string | undefined>>;
  fileName?: string;
}

/**
 * Resolves a table of options: flag > variable > file > default.
 * @returns the values, and where each came from (options that are nowhere given are in neither)
 * @throws OptionError
 */
export function resolveOptions<T extends Record<string, OptionSpec>>(
  table: T,
  sources: OptionSources,
): { values: Values<T>; origins: { [K in keyof T]?: Origin } } {
  const values: Record<string, OptionValue> = {};
  const origins: Record<string, Origin> = {};
  for (const [key, spec] of Object.entries(table)) {
    const flag = spec.flag === undefined ? undefined : sources.flags?.[spec.flag];
    const text = spec.variable === undefined ? undefined : sources.variables?.[spec.variable];
    const variable = text === "" && !spec.mayBeEmpty ? undefined : text;
    const file = sources.file?.[key];
    if (flag !== undefined) {
      values[key] = parseOption(spec, flag, `\`--${spec.flag}\``);
      origins[key] = "flag";
    } else if (variable !== undefined) {
      values[key] = parseOption(spec, variable, `\`${spec.variable}\``);
      origins[key] = "variable";
    } else if (file !== undefined) {
      values[key] = parseOption(spec, file, `\`${key}\` in ${sources.fileName ?? "the file"}`);
      origins[key] = "file";
    } else if (spec.default !== undefined) {
      values[key] = spec.default;
      origins[key] = "default";
    }
  }
  return { values: values as Values<T>, origins: origins as { [K in keyof T]?: Origin } };
}
