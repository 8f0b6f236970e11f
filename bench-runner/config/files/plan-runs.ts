// A command line with its files → the runs that are asked for: one, or each target × model × workload.

import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { SCHEDULE_KEYS } from "../../../lib/core/plans/schedule.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { RUNNER_OPTIONS } from "../runner-options.ts";
import {
  choose,
  DEFAULT_WORKLOAD,
  isPreset,
  looksLikeModelFile,
  type Named,
  type NamedText,
} from "./choices.ts";
import { type AskedRun, type ChosenBy, composeRun, isOption } from "./compose-run.ts";
import { type ConfigSet, EMPTY_SET } from "./config-set.ts";
import { withEnvSetup } from "./env-setup.ts";
import { asksForThreads, writeOutAliases } from "./flag-aliases.ts";
import { readConfig, readFolderConfig, readOwnConfig } from "./read-config.ts";
import { describePlainKey } from "./run-secrets.ts";

type Texts = Readonly<Record<string, string | undefined>>;

export interface AskedRuns {
  runs: AskedRun[];
  /** The files that say something of them. */
  files: string[];
  /** What the user should know before anything starts. */
  notices: string[];
}

export interface CommandLine {
  flags: Readonly<Record<string, string>>;
  /** Flags of other tools, by their name. */
  aliases?: Readonly<Record<string, string>>;
  /** Arguments without a flag: `TARGET MODEL WORKLOAD`. */
  words?: readonly string[];
  variables: Texts;
  /** Only files that are named, or that a named target needs. */
  onlyNamedFiles?: boolean;
  /** The command decides the loads by itself. */
  withoutWorkloads?: boolean;
}

const NAMES = ["target", "model", "workload"] as const;
type Name = (typeof NAMES)[number];
const SPECS = {
  target: RUNNER_OPTIONS.target,
  model: RUNNER_OPTIONS.model,
  workload: SHAPE_OPTIONS.workload,
};
/** Variables that say which server is measured: a target that the command line names wins over them. */
const OF_SERVER = ["SERVER_BENCH_URL", "SERVER_BENCH_AB", "SERVER_BENCH_HF_REPO", "SERVER_BENCH_HF_FILE"];
/** Options that choose a shape of load, so that no workload is taken by default. */
const OF_SHAPE = ["vus", "stages", "rampUp", "threadStopTime", "scenario", "iterations"] as const;

/** @throws UserError */
export function planRuns(line: CommandLine): AskedRuns {
  const { concurrency, ...aliases } = line.aliases ?? {};
  const flags = writeOutAliases(line.flags, aliases);
  const named = takeNames(flags, line.words ?? [], line.variables);
  const hasTarget = named.target !== undefined;
  const setUp = withEnvSetup(line.variables, hasTarget ? OF_SERVER : []);
  const variables = withoutChoices(setUp.variables, named);
  const facts = {
    hasServer: hasTarget ? false : saysServer(flags, variables, named.model),
    hasShape: OF_SHAPE.some((key) => isOption(key, flags, variables)),
  };
  const mayLook = !line.onlyNamedFiles || hasTarget;
  const found =
    mayLook || namesConfig(flags, variables) ? findSet(flags, variables, named, facts.hasServer) : EMPTY_SET;
  const set: ConfigSet = line.withoutWorkloads
    ? { ...found, workloads: [], run: withoutLoads(found.run) }
    : found;
  const choices = choose(set, named, facts);
  const by = { target: byOf(named.target), model: byOf(named.model), workload: byOf(named.workload) };
  const threads = line.withoutWorkloads ? undefined : byThreads(aliases, setUp.used);
  const sources = {
    set,
    flags,
    variables,
    by,
    hasRps: aliases.rps !== undefined,
    ...(concurrency !== undefined && { concurrency }),
    ...(threads !== undefined && { threads }),
  } as const;
  const runs = choices.targets.flatMap((target) =>
    choices.models.flatMap((model) =>
      choices.workloads.map((workload) => composeRun({ target, model, workload }, sources)),
    ),
  );
  if (runs.length === 0) {
    throw new UserError(
      `${set.files.join(", ")}: \`run\` selects all entries of an empty list, so there is nothing to measure. Add entries, or leave \`all\` out.`,
      EXIT.usage,
    );
  }
  const isDefault =
    named.workload === undefined && set.run.workloads === undefined && set.workloads.length > 1;
  return {
    runs: line.withoutWorkloads ? runs.map(withoutLoad) : runs,
    files: set.files,
    notices: [
      ...choices.targets.flatMap((target) => (target?.entry && describePlainKey(target.entry)) ?? []),
      ...(setUp.used.length > 0 ? [toSetUpNotice(setUp.used)] : []),
      ...(isDefault && choices.workloads[0]?.name === DEFAULT_WORKLOAD
        ? [`No workload was chosen: \`${DEFAULT_WORKLOAD}\` is run. \`--workload\` selects another.`]
        : []),
    ],
  };
}

/**
 * Whether something other than flags decides what is measured, so that no question is needed. A server-bench.yaml does by
 * its `run`; without it, its targets, models and workloads are choices.
 */
export function saysMore({ aliases = {}, words = [], variables }: Omit<CommandLine, "flags">): boolean {
  const byVariable = ["SERVER_BENCH_TARGET", "SERVER_BENCH_CONFIG"].some((name) => Boolean(variables[name]));
  const isSetUp = withEnvSetup(variables).used.length > 0;
  const isChosen = readOwnConfig()?.run.place !== undefined;
  return words.length + Object.keys(aliases).length > 0 || byVariable || isSetUp || isChosen;
}

/** The names of what is measured, taken out of the flags. @throws UserError */
function takeNames(flags: Record<string, string>, words: readonly string[], variables: Texts): Named {
  if (words.length > NAMES.length) {
    throw new UserError(
      `Unexpected argument \`${words[NAMES.length]}\`: at most three arguments come without a flag, \`TARGET MODEL WORKLOAD\`. \`--help\` lists the flags.`,
      EXIT.usage,
    );
  }
  const named: Named = {};
  for (const [index, name] of NAMES.entries()) {
    const { flag, variable } = SPECS[name];
    const [word, byFlag] = [words[index], flags[flag]];
    if (word !== undefined && byFlag !== undefined) {
      throw new UserError(
        `\`${word}\` and \`--${flag} ${byFlag}\` each name a ${name}: leave one out.`,
        EXIT.usage,
      );
    }
    const found = word ?? byFlag;
    if (found !== undefined) {
      named[name] = { text: found, source: word === undefined ? `\`--${flag}\`` : toWordSource(name, word) };
    } else if (variables[variable]) {
      named[name] = { text: variables[variable] as string, source: `\`${variable}\`` };
    }
    delete flags[flag];
  }
  if (named.target !== undefined) checkTarget(named.target, flags, variables);
  return named;
}

const byOf = (named: NamedText | undefined): ChosenBy =>
  named === undefined ? "file" : named.source.startsWith("`SERVER_BENCH_") ? "variable" : "flag";

/** Where names of a benchmark with a number of threads are, if there are any. */
function byThreads(aliases: Texts, setUp: readonly string[]): "flag" | "variable" | undefined {
  if (asksForThreads(aliases)) return "flag";
  return setUp.length > 0 ? "variable" : undefined;
}

const toWordSource = (name: Name, word: string) =>
  name === "target" ? `\`${word}\` (not a command)` : `\`${word}\``;

/** @throws UserError where something else says which server is measured */
function checkTarget({ source }: NamedText, flags: Texts, variables: Texts): void {
  const flag = ["url", "ab", "hf-repo"].find((one) => flags[one] !== undefined);
  if (flag !== undefined) {
    throw new UserError(
      `Expected either ${source} or \`--${flag}\`, which also names a server: leave one out.`,
      EXIT.usage,
    );
  }
  const variable = source.includes("SERVER_BENCH_") ? OF_SERVER.find((name) => variables[name]) : undefined;
  if (variable !== undefined) {
    throw new UserError(
      `Expected either ${source} or \`${variable}\`, which also names a server: unset one.`,
      EXIT.usage,
    );
  }
}

/** Without the variables that chose, and without those that a chosen target overrides. */
function withoutChoices(variables: Texts, named: Named): Record<string, string | undefined> {
  const rest = { ...variables };
  for (const name of NAMES) delete rest[SPECS[name].variable];
  if (named.target !== undefined) for (const name of OF_SERVER) delete rest[name];
  return rest;
}

function saysServer(flags: Texts, variables: Texts, model: NamedText | undefined): boolean {
  const byFlag = ["url", "ab", "hf-repo", "server-command", "engine"].some(
    (flag) => flags[flag] !== undefined,
  );
  const byVariable = [...OF_SERVER, "SERVER_BENCH_SERVER_COMMAND", "SERVER_BENCH_ENGINE"].some((name) =>
    Boolean(variables[name]),
  );
  return byFlag || byVariable || (model !== undefined && looksLikeModelFile(model.text));
}

/**
 * What `--config` names, else ./server-bench.yaml, else ./configs where the command line needs it: a folder of that name
 * may have another purpose.
 */
function findSet(flags: Texts, variables: Texts, named: Named, hasServer: boolean): ConfigSet {
  const given = flags[RUNNER_OPTIONS.config.flag] ?? (variables[RUNNER_OPTIONS.config.variable] || undefined);
  if (given !== undefined) return readConfig(given);
  const own = readOwnConfig();
  if (own !== undefined) return own;
  const namesOther = named.workload?.text.split(",").some((name) => !isPreset(name)) ?? false;
  return (!hasServer || namesOther ? readFolderConfig() : undefined) ?? EMPTY_SET;
}

/** Options of the amount of load, which the command decides. */
const OF_LOAD = [
  ...SCHEDULE_KEYS,
  "workload",
  "vus",
  "stages",
  "maxConcurrency",
  "arrivals",
  "throughputOnly",
];

function withoutLoad(run: AskedRun): AskedRun {
  const file = Object.fromEntries(Object.entries(run.file).filter(([key]) => !OF_LOAD.includes(key)));
  return { ...run, file };
}

function withoutLoads({ workloads: _, ...run }: ConfigSet["run"]): ConfigSet["run"] {
  return run;
}

function namesConfig(flags: Texts, variables: Texts): boolean {
  return (
    flags[RUNNER_OPTIONS.config.flag] !== undefined || Boolean(variables[RUNNER_OPTIONS.config.variable])
  );
}

function toSetUpNotice(used: readonly string[]): string {
  return `Read from env_setup.sh's variables: ${used.join(", ")} (docs/aliases.md explains them).`;
}
