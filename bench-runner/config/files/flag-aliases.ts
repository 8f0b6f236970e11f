// Flags of other tools that are accepted as names of options here, or refused with what to use instead: one table. Pure.
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { ALL_OPTIONS } from "../option-flags.ts";
import { BACKENDS } from "./backends.ts";

export type FlagAlias = {
  /** It takes no value. */
  isSwitch?: true;
} & (
  | {
      /** The options that it gives. */
      to: readonly string[];
      toText?: (text: string) => string;
      /** What happens to the value, where it is more than handed on. */
      note?: string;
    }
  | { refused: string }
);

/** An address without a scheme is one of HTTP. */
export function withScheme(address: string): string {
  return /^\w+:\/\//.test(address) ? address : `http://${address}`;
}

export const FLAG_ALIASES: Readonly<Record<string, FlagAlias>> = {
  rps: { to: ["rate"] },
  "request-rate": { to: ["rate"] },
  concurrency: {
    to: ["maxConcurrency", "vus"],
    note: "the concurrency cap if requests are sent at a rate (`--rps`, a workload), else the number of clients",
  },
  "num-threads": { to: ["vus"] },
  "num-requests": {
    to: ["nPrompts", "iterations"],
    note: "number of prompts, each sent once; with `--thread-stop-time` only the number of prompts, which each client repeats until its time is over",
  },
  "num-turns": { to: ["maxTurns"] },
  "ramp-up-time": { to: ["rampUp"] },
  "base-url": { to: ["url"], toText: withScheme, note: "`http://` is added if the scheme is missing" },
  backend: {
    to: ["endpoint"],
    toText: toEndpoint,
    note: BACKENDS.map(({ name, endpoint }) => `\`${name}\` is \`${endpoint}\``).join(", "),
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
      "leave it out: tokens are counted by the server or by a `tokenizer.json` (`--tokenizer`), and no code of a model runs",
  },
  "disable-tqdm": { isSwitch: true, refused: "use `--quiet`, or leave it out: progress goes to stderr" },
  "thread-num": { refused: "use `--vus`" },
  "num-prompt": { refused: "use `--n-prompts`, and `--iterations` for the number of requests" },
};

/** @throws UserError for a backend that is none of them */
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
 * @throws UserError for one that has no place here, or that says what another flag says
 */
export function writeOutAliases(flags: Texts, given: Texts): Record<string, string> {
  const written: Record<string, string> = { ...flags };
  for (const [name, text] of Object.entries(given)) {
    const alias = FLAG_ALIASES[name];
    if (alias === undefined || name === "concurrency") continue;
    if ("refused" in alias) {
      throw new UserError(`\`--${name}\` is nothing that this project has: ${alias.refused}.`, EXIT.usage);
    }
    for (const key of keysOf(name, alias.to, flags)) {
      addFlag(written, key, alias.toText?.(text) ?? text, name);
    }
  }
  return written;
}

/** Clients that end by time take their prompts in a circle: how many requests that makes, time tells. */
function keysOf(name: string, keys: readonly string[], flags: Texts): readonly string[] {
  const endsByTime = name === "num-requests" && flags["thread-stop-time"] !== undefined;
  return endsByTime ? keys.filter((key) => key !== "iterations") : keys;
}

/** @throws UserError where the flag is there already */
export function addFlag(flags: Record<string, string>, key: string, text: string, alias: string): void {
  const flag = ALL_OPTIONS[key]?.flag as string;
  if (flags[flag] !== undefined) {
    throw new UserError(`\`--${alias}\` and \`--${flag}\` say the same: leave one out.`, EXIT.usage);
  }
  flags[flag] = text;
}
