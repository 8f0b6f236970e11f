// The options of the runs of a sweep: which ones it sets itself, and how they are kept for `--resume`. Pure.

import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { OptionError } from "../../../lib/core/option-error.ts";
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { ALL_OPTIONS } from "../../config/option-flags.ts";
import { HIDDEN, hideLineSecrets, hideSecretArgs } from "../../config/secrets.ts";

/** Flags of the load, which the sweep sets itself. */
const OWN: readonly string[] = [
  "vus",
  "rate",
  "stages",
  "rate-stages",
  "arrivals-function",
  "trace",
  "workload",
];
/** Whether a sweep refuses this option of a run: it varies it itself, or cannot use it. Such options are not listed. */
export function isOwn({ long }: { long?: string }): boolean {
  return [...OWN, "ab", "throughput-only"].includes(long?.replace(/^--/, "") ?? "");
}

/** Flags about the output: a resumed sweep takes them from the current call. */
const OF_CALL: readonly string[] = ["quiet", "json", "listen", "output"];

/** Keys and their files: they are passed on by variable, and must be given again to a resumed sweep. */
function isPrivate({ secret, flag }: OptionSpec): boolean {
  return secret === true || flag === "api-key-file";
}

/** Shell commands and addresses of outputs, which may contain a key. */
const SHELL_LINES: readonly string[] = ["server-command", "server-stop", "k6-out"];
const ARGUMENTS: readonly string[] = ["llama-server-arg", "engine-arg"];

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * The texts of all options given by flag or variable, by flag.
 * @throws OptionError for an option of the load
 */
export function takeGiven(flags: Texts, variables: Texts): Record<string, string> {
  const given: Record<string, string> = {};
  for (const spec of Object.values<OptionSpec>(ALL_OPTIONS)) {
    if (spec.flag === undefined || isPrivate(spec)) continue;
    const text = flags[spec.flag] ?? (spec.variable && (variables[spec.variable] || undefined));
    if (text !== undefined) given[spec.flag] = text;
  }
  // A target given by flag overrides targets given by variables.
  for (const target of ["url", "hf-repo", "model"]) {
    const isOther = ["url", "hf-repo", "model"].some(
      (other) => other !== target && flags[other] !== undefined,
    );
    if (flags[target] === undefined && isOther) delete given[target];
  }
  const commands = ["server-command", "engine"];
  const byFlag = (names: readonly string[]) => names.some((name) => flags[name] !== undefined);
  for (const [ours, others] of [
    [commands, ["url", "hf-repo"]],
    [["url", "hf-repo"], commands],
  ] as const) {
    for (const other of others) if (byFlag(ours) && flags[other] === undefined) delete given[other];
  }
  const own = OWN.find((flag) => given[flag] !== undefined);
  if (own !== undefined) {
    throw new OptionError(
      `\`--${own}\` (or its variable) sets the load, which a sweep varies: leave it out, and give \`--concurrency\` or \`--rates\`.`,
    );
  }
  if (given.ab !== undefined) {
    throw new OptionError("`--ab` is for single runs: a sweep measures one server. Give `--url`.");
  }
  if (given["throughput-only"] !== undefined) {
    throw new OptionError(
      "`--throughput-only` is for single runs: the sweep's table has the throughput. Leave it out.",
    );
  }
  return given;
}

/** The variables without those of options that have a flag, since their texts are known by flag already. Secrets stay. */
export function withoutFlagged(variables: Texts): Record<string, string | undefined> {
  const flagged = Object.values<OptionSpec>(ALL_OPTIONS).filter(
    (spec) => spec.flag !== undefined && !isPrivate(spec),
  );
  const names = new Set(flagged.map(({ variable }) => variable));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.has(name)));
}

/** The options without the load's shape and goals: for a first look at the server. */
export function withoutShape(given: Readonly<Record<string, string>>): Record<string, string> {
  const left = [
    ...Object.values<OptionSpec>(SHAPE_OPTIONS).map(({ flag }) => flag),
    "slo",
    "require",
    "abort-on",
  ];
  return Object.fromEntries(Object.entries(given).filter(([flag]) => !left.includes(flag)));
}

/** The options that sweep.json keeps: no secrets, and no option of the call itself. */
export function toKept(given: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [flag, text] of Object.entries(given)) {
    if (OF_CALL.includes(flag)) continue;
    if (flag === "url") kept[flag] = hideUrlSecrets(text);
    else if (ARGUMENTS.includes(flag)) kept[flag] = hideArgs(text);
    else if (SHELL_LINES.includes(flag)) kept[flag] = hideLineSecrets(text);
    else kept[flag] = text;
  }
  return kept;
}

/** The values of a repeatable flag: a JSON list, or one word. */
function hideArgs(text: string): string {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words)) return JSON.stringify(hideSecretArgs(words.map(String)));
  } catch {
    // One word, as a variable has it.
  }
  return hideSecretArgs([text])[0] ?? text;
}

/**
 * The options of a resumed sweep: its own, and those of the call that concern its output or supply a secret again.
 * @throws OptionError for any other option, and if a secret is missing
 */
export function toResumed(kept: Readonly<Record<string, string>>, flags: Texts): Record<string, string> {
  const allowed = [...OF_CALL, "url", ...ARGUMENTS, ...SHELL_LINES];
  const foreign = Object.keys(flags).find((flag) => flags[flag] !== undefined && !allowed.includes(flag));
  if (foreign !== undefined) {
    throw new OptionError(
      `\`--${foreign}\` cannot be changed with \`--resume\`: the sweep continues with its own options. Leave it out, or begin a new sweep.`,
    );
  }
  const given = Object.fromEntries(Object.entries(flags).filter(([, text]) => text !== undefined));
  const all = { ...kept, ...given } as Record<string, string>;
  const hidden = [...ARGUMENTS, ...SHELL_LINES].find((flag) => all[flag]?.includes(HIDDEN));
  if (hidden !== undefined) {
    throw new OptionError(
      `A secret among \`--${hidden}\` was not stored: give all of these arguments again.`,
    );
  }
  return all;
}
