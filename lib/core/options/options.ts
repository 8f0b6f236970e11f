// The options of a load, one row each: flags, SERVER_BENCH_* variables, YAML keys, checks and defaults all come from here.
//
// Their descriptions stand in option-docs.ts (same keys, checked by the compiler), which no scenario bundle carries.
// The options of a load's shape (how many clients, how many arrivals) are in shape-options.ts; those that only the runner
// has (the server's life, the run folder) in bench-runner/config/runner-options.ts.

import { ENDPOINTS } from "../apis/apis.ts";
import { OptionError } from "../option-error.ts";
import { parseSeconds } from "../parse-seconds.ts";
import { parseStages } from "../plans/stages.ts";
import { isDistribution } from "../prompts/distribution.ts";

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
  /** Command line flag, without the dashes; absent where a value must not stand in a process list. */
  flag?: string;
  /** Environment variable. */
  variable?: string;
  default?: OptionValue;
  choices?: readonly string[];
  /** Never printed, logged or written. */
  secret?: boolean;
  /** An empty variable is a value: nothing. Of any other option it counts as not given. */
  mayBeEmpty?: boolean;
}

export type OptionValue = string | number | boolean | readonly string[];
export type Origin = "flag" | "variable" | "file" | "default";

export const LOAD_OPTIONS = {
  url: { kind: "url", flag: "url", variable: "SERVER_BENCH_URL", default: "http://localhost:8080/v1" },
  ab: { kind: "words", flag: "ab", variable: "SERVER_BENCH_AB" },
  apiKey: { kind: "text", variable: "SERVER_BENCH_API_KEY", secret: true },
  modelAlias: {
    kind: "text",
    flag: "model-alias",
    variable: "SERVER_BENCH_MODEL_ALIAS",
    default: "my-model",
  },
  dataset: { kind: "path", flag: "dataset", variable: "SERVER_BENCH_DATASET" },
  datasetFormat: {
    kind: "choice",
    flag: "dataset-format",
    variable: "SERVER_BENCH_DATASET_FORMAT",
    choices: [
      ...["rows", "sharegpt", "messages", "arena", "oasst1", "cnn_dailymail"],
      ...["trivia_qa", "humaneval", "samples", "column", "text"],
    ],
  },
  datasetColumn: { kind: "text", flag: "dataset-column", variable: "SERVER_BENCH_DATASET_COLUMN" },
  allowPartial: {
    kind: "switch",
    flag: "allow-partial",
    variable: "SERVER_BENCH_ALLOW_PARTIAL",
    default: false,
  },
  nPrompts: { kind: "count", flag: "n-prompts", variable: "SERVER_BENCH_N_PROMPTS", default: 480 },
  order: {
    kind: "choice",
    flag: "order",
    variable: "SERVER_BENCH_ORDER",
    choices: ["random", "sequential"],
    default: "random",
  },
  whenOut: {
    kind: "choice",
    flag: "when-out",
    variable: "SERVER_BENCH_WHEN_OUT",
    choices: ["repeat", "end"],
    default: "repeat",
  },
  mix: { kind: "words", flag: "mix", variable: "SERVER_BENCH_MIX" },
  tokenizer: { kind: "text", flag: "tokenizer", variable: "SERVER_BENCH_TOKENIZER" },
  seed: { kind: "whole", flag: "seed", variable: "SERVER_BENCH_SEED", default: 42 },
  maxPromptTokens: {
    kind: "count",
    flag: "max-prompt-tokens",
    variable: "SERVER_BENCH_MAX_PROMPT_TOKENS",
    default: 1024,
  },
  maxContext: { kind: "count", flag: "max-context", variable: "SERVER_BENCH_MAX_CONTEXT", default: 2048 },
  promptType: {
    kind: "choice",
    flag: "prompt-type",
    variable: "SERVER_BENCH_PROMPT_TYPE",
    choices: ["short", "medium", "long"],
  },
  promptTokens: { kind: "distribution", flag: "prompt-tokens", variable: "SERVER_BENCH_PROMPT_TOKENS" },
  prefixTokens: { kind: "count", flag: "prefix-tokens", variable: "SERVER_BENCH_PREFIX_TOKENS" },
  prefixGroups: { kind: "count", flag: "prefix-groups", variable: "SERVER_BENCH_PREFIX_GROUPS", default: 1 },

  maxTurns: { kind: "count", flag: "max-turns", variable: "SERVER_BENCH_MAX_TURNS", default: 1 },
  history: {
    kind: "choice",
    flag: "history",
    variable: "SERVER_BENCH_HISTORY",
    choices: ["real", "dataset"],
    default: "real",
  },
  thinkTime: { kind: "distribution", flag: "think-time", variable: "SERVER_BENCH_THINK_TIME" },

  endpoint: {
    kind: "choice",
    flag: "endpoint",
    variable: "SERVER_BENCH_ENDPOINT",
    choices: ENDPOINTS,
    default: "chat",
  },
  mode: {
    kind: "choice",
    flag: "mode",
    variable: "SERVER_BENCH_MODE",
    choices: ["stream", "sync"],
    default: "stream",
  },
  maxTokens: { kind: "count", flag: "max-tokens", variable: "SERVER_BENCH_MAX_TOKENS", default: 512 },
  outputTokens: {
    kind: "distribution",
    flag: "output-tokens",
    variable: "SERVER_BENCH_OUTPUT_TOKENS",
    choices: ["dataset"],
  },
  outputLength: {
    kind: "choice",
    flag: "output-length",
    variable: "SERVER_BENCH_OUTPUT_LENGTH",
    choices: ["exact", "limit"],
    default: "exact",
  },
  systemPrompt: {
    kind: "text",
    flag: "system-prompt",
    variable: "SERVER_BENCH_SYSTEM_PROMPT",
    mayBeEmpty: true,
    default: "You are a helpful assistant.",
  },
  systemPromptFile: {
    kind: "path",
    flag: "system-prompt-file",
    variable: "SERVER_BENCH_SYSTEM_PROMPT_FILE",
  },
  temperature: { kind: "number", flag: "temperature", variable: "SERVER_BENCH_TEMPERATURE" },
  topP: { kind: "share", flag: "top-p", variable: "SERVER_BENCH_TOP_P" },
  topK: { kind: "whole", flag: "top-k", variable: "SERVER_BENCH_TOP_K" },
  minP: { kind: "share", flag: "min-p", variable: "SERVER_BENCH_MIN_P" },
  presencePenalty: {
    kind: "number",
    flag: "presence-penalty",
    variable: "SERVER_BENCH_PRESENCE_PENALTY",
  },
  frequencyPenalty: {
    kind: "number",
    flag: "frequency-penalty",
    variable: "SERVER_BENCH_FREQUENCY_PENALTY",
  },
  stop: { kind: "words", flag: "stop", variable: "SERVER_BENCH_STOP" },
  responseFormat: { kind: "json", flag: "response-format", variable: "SERVER_BENCH_RESPONSE_FORMAT" },
  tools: { kind: "json", flag: "tools", variable: "SERVER_BENCH_TOOLS" },
  extraBody: { kind: "json", flag: "extra-body", variable: "SERVER_BENCH_EXTRA_BODY" },
  cachePrompt: {
    kind: "choice",
    flag: "cache-prompt",
    variable: "SERVER_BENCH_CACHE_PROMPT",
    choices: ["on", "off"],
  },
  sleep: { kind: "seconds", flag: "sleep", variable: "SERVER_BENCH_SLEEP", default: 0.3 },
  truncatedLimit: {
    kind: "share",
    flag: "truncated-limit",
    variable: "SERVER_BENCH_TRUNCATED_LIMIT",
    default: 0.8,
  },
  slo: { kind: "words", flag: "slo", variable: "SERVER_BENCH_SLO" },
  require: { kind: "words", flag: "require", variable: "SERVER_BENCH_REQUIRE" },
  abortOn: { kind: "words", flag: "abort-on", variable: "SERVER_BENCH_ABORT_ON" },
  connectTimeout: {
    kind: "seconds",
    flag: "connect-timeout",
    variable: "SERVER_BENCH_CONNECT_TIMEOUT",
    default: 10,
  },
  headersTimeout: {
    kind: "seconds",
    flag: "headers-timeout",
    variable: "SERVER_BENCH_HEADERS_TIMEOUT",
    default: 300,
  },
  firstTokenTimeout: {
    kind: "seconds",
    flag: "first-token-timeout",
    variable: "SERVER_BENCH_FIRST_TOKEN_TIMEOUT",
    default: 300,
  },
  idleTimeout: { kind: "seconds", flag: "idle-timeout", variable: "SERVER_BENCH_IDLE_TIMEOUT", default: 60 },
  totalTimeout: {
    kind: "seconds",
    flag: "total-timeout",
    variable: "SERVER_BENCH_TOTAL_TIMEOUT",
    default: 600,
  },
  abortShare: { kind: "share", flag: "abort-share", variable: "SERVER_BENCH_ABORT_SHARE", default: 0 },
  abortAfterMs: { kind: "count", flag: "abort-after-ms", variable: "SERVER_BENCH_ABORT_AFTER_MS" },
  abortAfterTokens: {
    kind: "count",
    flag: "abort-after-tokens",
    variable: "SERVER_BENCH_ABORT_AFTER_TOKENS",
  },
  itlSamples: {
    kind: "choice",
    flag: "itl-samples",
    variable: "SERVER_BENCH_ITL_SAMPLES",
    choices: ["auto", "on", "off"],
    default: "auto",
  },
  warmConnections: {
    kind: "switch",
    flag: "warm-connections",
    variable: "SERVER_BENCH_WARM_CONNECTIONS",
    default: false,
  },
} as const satisfies Record<string, OptionSpec>;

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

export type LoadOptions = Values<typeof LOAD_OPTIONS>;

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
  stages: "stages such as `30s:3,1m:10` (so long: so many), or `30s:1-5` for a climb",
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
      return /^https?:\/\/[^\s/]+/.test(text) ? text : undefined;
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
    const shown = spec.secret ? "a secret" : `\`${text}\``;
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
