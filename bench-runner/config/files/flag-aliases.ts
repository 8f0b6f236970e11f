// Flags of other tools that are accepted as names of options here, or refused with what to use instead: one table. Pure.
import { type Command, Option } from "commander";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { ALL_OPTIONS } from "../option-flags.ts";

/** The backends that env_setup.sh and `--backend` name: the API of each, and the variables with its address and key. */
export interface Backend {
  name: string;
  /** The value of `--endpoint`. */
  endpoint: string;
  urlVariable?: string;
  keyVariable?: string;
}

export const BACKENDS: readonly Backend[] = [
  { name: "vllm", endpoint: "completions", urlVariable: "VLLM_SERVER_URL" },
  { name: "openai", endpoint: "completions" },
  { name: "lightllm", endpoint: "generate-stream", urlVariable: "LIGHTLLM_SERVER_URL" },
  { name: "amsv2", endpoint: "amsv2", urlVariable: "AMSV2_SERVER_URL", keyVariable: "AMSV2_API_KEY" },
  { name: "ppl", endpoint: "ppl", urlVariable: "PPL_SERVER_URL" },
];

export type FlagAlias = {
  /** It takes no value. */
  isSwitch?: true;
} & (
  | {
      /** The options that it sets. */
      to: readonly string[];
      toText?: (text: string) => string;
      /** How the value is changed, where it is. */
      note?: string;
    }
  | { refused: string }
);

/** An address without a scheme gets http://. */
export function withScheme(address: string): string {
  return /^\w+:\/\//.test(address) ? address : `http://${address}`;
}

/** The flags of a benchmark whose load is a number of threads, each with prompts of its own. */
const OF_THREADS = ["num-threads", "backend"];

const CLOSED_NOTE = "chooses the scenario `closed` unless an option asks for another load";

export const FLAG_ALIASES: Readonly<Record<string, FlagAlias>> = {
  rps: {
    to: ["rate"],
    note: "with what goes with `rps` in a workload where nothing else says it: constant arrivals, 300 seconds (unless `--iterations` ends the run), `--max-tokens 1024`, `--temperature 0.7`, `--prompt-type medium`",
  },
  "request-rate": { to: ["rate"] },
  concurrency: {
    to: ["maxConcurrency", "vus"],
    note: "maximum concurrent requests of a load with a rate (`--rps`, a workload), otherwise the number of clients",
  },
  "num-threads": { to: ["vus"], note: CLOSED_NOTE },
  "num-requests": {
    to: ["nPrompts", "iterations"],
    note: "number of prompts, and of requests; with `--thread-stop-time` each client repeats its prompts until its time is over",
  },
  "num-turns": { to: ["maxTurns"] },
  "ramp-up-time": { to: ["rampUp"] },
  "base-url": { to: ["url"], toText: withScheme, note: "an address without a scheme gets `http://`" },
  backend: {
    to: ["endpoint"],
    toText: toEndpoint,
    note: `${BACKENDS.map(({ name, endpoint }) => `\`${name}\` is \`${endpoint}\``).join(", ")}; ${CLOSED_NOTE}`,
  },
  task: {
    to: ["mix"],
    toText: toMix,
    note: "prompts of that task alone (`chat`, `summarization`, `qa`, `code`, or one of the dataset's), or of several with equal weights (`chat,qa`); a dataset without tasks is taken for one of it",
  },
  "dataset-path": { to: ["dataset"] },
  "dataset-name": { to: ["datasetFormat"] },
  "system-prompt-path": { to: ["systemPromptFile"] },
  "sharegpt-output-len": { to: ["outputTokens"] },

  "best-of": { refused: "give `--extra-body '{\"best_of\": 2}'`" },
  "use-beam-search": { isSwitch: true, refused: "give `--extra-body '{\"use_beam_search\": true}'`" },
  "trust-remote-code": {
    isSwitch: true,
    refused:
      "leave it out: tokens are counted by the server or by a `tokenizer.json` (`--tokenizer`), and no model code runs",
  },
  "disable-tqdm": { isSwitch: true, refused: "use `--quiet`, or leave it out: progress goes to stderr" },
  "thread-num": { refused: "use `--vus`" },
  "num-prompt": { refused: "use `--n-prompts`, and `--iterations` for the number of requests" },
};

/** Short names of tasks, by those that the prompts have. */
const TASKS: Readonly<Record<string, string>> = { qa: "question-answering", summary: "summarization" };

/** `chat,qa` → the parts of a mixed load, as JSON. */
function toMix(text: string): string {
  const tasks = text.split(",").map((task) => task.trim());
  return JSON.stringify(tasks.map((task) => `${TASKS[task] ?? task}=1`));
}

/** @throws UserError for an unknown backend */
function toEndpoint(text: string): string {
  const backend = BACKENDS.find(({ name }) => name === text);
  if (backend !== undefined) return backend.endpoint;
  throw new UserError(
    `\`--backend\`: expected one of ${BACKENDS.map(({ name }) => `\`${name}\``).join(", ")}, got \`${text}\`. \`--endpoint\` names an API by itself.`,
    EXIT.usage,
  );
}

type Texts = Readonly<Record<string, string>>;

/**
 * The flags with those of other tools written out, except `--concurrency`, whose meaning depends on the load.
 * @param given by the alias, without dashes
 * @throws UserError for one that is refused, or that sets the same option as another flag
 */
export function writeOutAliases(flags: Texts, given: Texts): Record<string, string> {
  const written: Record<string, string> = { ...flags };
  for (const [name, text] of Object.entries(given)) {
    const alias = FLAG_ALIASES[name];
    if (alias === undefined || name === "concurrency") continue;
    if ("refused" in alias) {
      throw new UserError(`\`--${name}\` is not supported: ${alias.refused}.`, EXIT.usage);
    }
    for (const key of keysOf(name, alias.to, flags)) {
      addFlag(written, key, alias.toText?.(text) ?? text, name);
    }
  }
  return written;
}

/** Whether flags of other tools ask for a closed loop in which every client has its own prompts. */
export function asksForThreads(given: Readonly<Record<string, string | undefined>>): boolean {
  return OF_THREADS.some((name) => given[name] !== undefined);
}

/** Clients that end by time repeat their prompts, so the number of prompts does not limit the requests. */
function keysOf(name: string, keys: readonly string[], flags: Texts): readonly string[] {
  const endsByTime = name === "num-requests" && flags["thread-stop-time"] !== undefined;
  return endsByTime ? keys.filter((key) => key !== "iterations") : keys;
}

/** @throws UserError where the flag is already given */
export function addFlag(flags: Record<string, string>, key: string, text: string, alias: string): void {
  const flag = ALL_OPTIONS[key]?.flag as string;
  if (flags[flag] !== undefined) {
    throw new UserError(`\`--${alias}\` and \`--${flag}\` set the same option: leave one out.`, EXIT.usage);
  }
  flags[flag] = text;
}

/** Makes commander accept the aliases; docs/aliases.md lists them, help does not. */
export function addAliasFlags(command: Command): void {
  for (const [name, alias] of Object.entries(FLAG_ALIASES)) {
    const flags = alias.isSwitch === undefined ? `--${name} <text>` : `--${name}`;
    command.addOption(new Option(flags).hideHelp());
  }
}

/** commander's values (by attribute name) → texts by alias. */
export function toAliasTexts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(FLAG_ALIASES)) {
    const value = values[new Option(`--${name}`).attributeName()];
    if (value === true) texts[name] = "true";
    else if (typeof value === "string") texts[name] = value;
  }
  return texts;
}
