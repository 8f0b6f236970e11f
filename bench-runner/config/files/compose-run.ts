// One run of a matrix: what its target, model and workload say together, as texts of options, keys as variables. Pure.
import { ALL_OPTIONS } from "../option-flags.ts";
import type { ServerCommand } from "../server-command.ts";
import { looksLikeModelFile, type Pick } from "./choices.ts";
import type { ConfigSet, NamedEntry, PlacedTexts, TargetEntry, WorkloadEntry } from "./config-set.ts";
import { checkText, hasReference, withVariables } from "./option-text.ts";
import {
  addConcurrency,
  addPacedFlags,
  toPacedDefaults,
  toThreadsScenario,
  withoutOtherSchedule,
} from "./run-load.ts";
import { takeSecrets } from "./run-secrets.ts";
import { findServerOrigin, nameModel, toServerCommand } from "./run-server.ts";

type Texts = Readonly<Record<string, string | undefined>>;

/** What a run is asked for. */
export interface AskedRun {
  /** By flag. */
  flags: Record<string, string>;
  variables: Record<string, string | undefined>;
  /** By option key. */
  file: Record<string, string>;
  names: { target?: string; model?: string; workload?: string };
  /** How its server is started, where a file says it. */
  command?: ServerCommand;
}

/** One of each, or nothing: then the options say it by themselves. */
export interface Combination {
  target: Pick<TargetEntry> | undefined;
  model: Pick<NamedEntry> | undefined;
  workload: Pick<WorkloadEntry> | undefined;
}

export interface ComposeSources {
  set: ConfigSet;
  flags: Readonly<Record<string, string>>;
  variables: Texts;
  /** `--concurrency`. */
  concurrency?: string;
  /** Where names of another tool ask for clients with prompts of their own. */
  threads?: "flag" | "variable";
  /** The rate is given as `--rps`. */
  hasRps?: boolean;
  /** Who chose: it stays so for whatever is only a name. */
  by: { target: ChosenBy; model: ChosenBy; workload: ChosenBy };
}

export type ChosenBy = "flag" | "variable" | "file";

const variableOf = (key: string) => ALL_OPTIONS[key]?.variable as string;
const flagOf = (key: string) => ALL_OPTIONS[key]?.flag as string;

/** @throws UserError for a variable that is not set, and for a value that does not fit when it is known */
export function composeRun(parts: Combination, sources: ComposeSources): AskedRun {
  const { target, model, workload } = parts;
  const { set } = sources;
  const flags = { ...sources.flags };
  const placed: PlacedTexts = {
    ...set.common,
    ...target?.entry?.options,
    ...model?.entry?.options,
    ...workload?.entry?.options,
  };
  const variables = takeSecrets(placed, target?.entry, flags, sources.variables);
  const texts = toTexts(placed, variables);
  if (target !== undefined && target.entry === undefined) texts.url = target.name;
  const given = { flags, variables };
  const isGiven = (key: string) => isOption(key, flags, variables);
  const isPaced = placed.rate?.key.toLowerCase() === "rps";
  const isOurs = (workload !== undefined && workload.entry === undefined) || texts.workload !== undefined;
  const paced = isPaced && !isOurs ? toPacedDefaults(texts, isGiven) : {};
  const file: Record<string, string> = { ...paced, ...withoutOtherSchedule(texts, isGiven) };
  const give = (key: GivenName, text: string) =>
    giveText(key, text, sources.by[key === "modelAlias" ? "model" : key], { ...given, file });
  if (workload !== undefined && workload.entry === undefined) give("workload", workload.name);
  if (target !== undefined) give("target", target.name);
  if (sources.hasRps) addPacedFlags(flags, file, isGiven);
  const server = findServerOrigin(target?.entry, file, isGiven);
  if (model?.entry !== undefined) nameModel(file, model.name, server);
  else if (model !== undefined) {
    // The address is a file's: what the command line names is asked for there, and not started instead.
    const isAsked = server === "url" && file.url !== undefined && !isGiven("url");
    give(
      isAsked && (target !== undefined || !looksLikeModelFile(model.name)) ? "modelAlias" : "model",
      model.name,
    );
  }

  const concurrency = workload?.entry?.concurrency ?? set.concurrency;
  addConcurrency(file, flags, isGiven, {
    ...(sources.concurrency !== undefined && { flag: sources.concurrency }),
    ...(concurrency && { file: withVariables(concurrency, variables) }),
  });
  const scenario = toThreadsScenario((key) => file[key] !== undefined || isGiven(key));
  if (sources.threads === "flag" && scenario !== undefined) flags[flagOf("scenario")] = scenario;
  if (sources.threads === "variable" && scenario !== undefined) variables[variableOf("scenario")] = scenario;
  const names = {
    ...(target !== undefined && { target: target.name }),
    ...(model !== undefined && { model: model.name }),
    ...(workload !== undefined && { workload: workload.name }),
  };
  const name = Object.values(names).join("-");
  if (name !== "" && target !== undefined) file.name ??= name;
  const command = target?.entry?.command;
  if (command === undefined) return { flags, variables, file, names };
  const { url, ...rest } = file;
  const start = toServerCommand(command, target?.name as string, variables);
  return { flags, variables, file: rest, names, command: { ...start, ...(url !== undefined && { url }) } };
}

type GivenName = "target" | "model" | "modelAlias" | "workload";

/** Puts a name where it came from. */
function giveText(
  key: GivenName,
  text: string,
  by: ChosenBy,
  to: {
    flags: Record<string, string>;
    variables: Record<string, string | undefined>;
    file: Record<string, string>;
  },
): void {
  if (by === "flag") to.flags[flagOf(key)] = text;
  else if (by === "variable") to.variables[variableOf(key)] = text;
  else to.file[key] = text;
}

function toTexts(placed: PlacedTexts, variables: Texts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(placed).map(([key, one]) => {
      if (!hasReference(one.text)) return [key, one.text];
      const text = withVariables(one, variables);
      const spec = ALL_OPTIONS[key];
      if (spec !== undefined) checkText(spec, { ...one, text });
      return [key, text];
    }),
  );
}

/** Whether a flag or a variable gives the option. */
export function isOption(key: string, flags: Texts, variables: Texts): boolean {
  const { flag, variable } = ALL_OPTIONS[key] ?? {};
  return (
    (flag !== undefined && flags[flag] !== undefined) ||
    (variable !== undefined && Boolean(variables[variable]))
  );
}
