// Which targets, models and workloads a command line, its variables and its files choose. Pure, except that it checks which files exist.
import { existsSync, statSync } from "node:fs";
import { PRESETS } from "../../../lib/core/options/presets.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { suggest } from "./closest-name.ts";
import type { Chosen, ConfigSet, NamedEntry, Section, TargetEntry, WorkloadEntry } from "./config-set.ts";
import { errorAt } from "./yaml-file.ts";

/** One of what is measured: an entry of a file, or only a name. */
export interface Pick<T extends NamedEntry> {
  name: string;
  entry?: T;
}

/** In each list undefined means that the options decide by themselves. */
export interface Choices {
  targets: (Pick<TargetEntry> | undefined)[];
  models: (Pick<NamedEntry> | undefined)[];
  workloads: (Pick<WorkloadEntry> | undefined)[];
}

/** What was named on the command line or by variable, each with where: "`--target`". */
export interface Named {
  target?: NamedText;
  model?: NamedText;
  workload?: NamedText;
}
export interface NamedText {
  text: string;
  source: string;
}

export interface ChoiceFacts {
  /** Options say which server is measured. */
  hasServer: boolean;
  /** Options say what kind of load there is. */
  hasShape: boolean;
}

/** The load where files define several and none is chosen: five minutes of high load. */
export const DEFAULT_WORKLOAD = "high-load";

/** @throws UserError for an unknown name, and where a choice is needed */
export function choose(set: ConfigSet, named: Named, facts: ChoiceFacts): Choices {
  const targets = chooseTargets(set, named.target, facts);
  const isFromFile = targets.some((target) => target?.entry !== undefined);
  return {
    targets,
    models: chooseModels(set, named.model, targets),
    workloads: chooseWorkloads(set, named.workload, facts, isFromFile),
  };
}

function chooseTargets(set: ConfigSet, named: NamedText | undefined, facts: ChoiceFacts): Choices["targets"] {
  if (named !== undefined)
    return toNames(named.text, set.targets).map((name) => findTarget(set, name, named.source));
  const saysServer = ["url", "ab", "hfRepo", "model"].some((key) => set.common[key] !== undefined);
  if (facts.hasServer || set.targets.length === 0) return [undefined];
  const chosen = toChosen("targets", set);
  if (chosen !== undefined) return chosen as Pick<TargetEntry>[];
  if (saysServer) return [undefined];
  throw toChoiceError(set, "targets", "--target");
}

function findTarget({ targets, fileOf }: ConfigSet, name: string, source: string): Pick<TargetEntry> {
  const entry = targets.find((target) => target.name === name);
  if (entry !== undefined) return { name, entry };
  if (/^https?:\/\//.test(name)) return { name };
  const names = targets.map((target) => target.name);
  const remedy =
    names.length > 0
      ? `${suggest(name, names)} Known targets: ${list(names)} (${fileOf.targets}).`
      : " No file defines targets: write a server-bench.yaml or configs/targets.yaml (examples/configs has some), name one with `--config`, or give `--url http://HOST:PORT`.";
  throw new UserError(`${source}: unknown target \`${name}\`.${remedy}`, EXIT.usage);
}

function chooseModels(
  set: ConfigSet,
  named: NamedText | undefined,
  targets: Choices["targets"],
): Choices["models"] {
  if (named !== undefined) {
    // Without a file, the server says which there are.
    if (named.text === "all" && set.models.length === 0) return [{ name: named.text }];
    return toNames(named.text, set.models).map((name) => {
      const entry =
        set.models.find((model) => model.name === name) ??
        set.models.find(({ options }) => options.modelAlias?.text === name);
      return entry === undefined ? { name } : { name: entry.name, entry };
    });
  }
  const saysModel = (options: NamedEntry["options"]) =>
    ["modelAlias", "model", "hfRepo"].some((key) => options[key] !== undefined);
  const needsModel = targets.some(
    (target) => target !== undefined && !saysModel(target.entry?.options ?? {}),
  );
  if (set.models.length === 0 || !needsModel)
    return set.run.models === undefined ? [undefined] : (toChosen("models", set) ?? [undefined]);
  const chosen = toChosen("models", set);
  if (chosen !== undefined) return chosen;
  if (saysModel(set.common)) return [undefined];
  throw toChoiceError(set, "models", "--model");
}

function chooseWorkloads(
  set: ConfigSet,
  named: NamedText | undefined,
  facts: ChoiceFacts,
  isFromFile: boolean,
): Choices["workloads"] {
  const find = (name: string) => findWorkload(set, name, named?.source ?? "`run`");
  if (named !== undefined) return toNames(named.text, set.workloads, Object.keys(PRESETS)).map(find);
  const { workloads: run, place } = set.run;
  if (run !== undefined && run !== "all") {
    return run.map((name) =>
      findWorkload(set, name, place === undefined ? "`run`" : `${place.file}:${place.line}: \`run\``),
    );
  }
  const chosen = toChosen("workloads", set);
  if (chosen !== undefined) return chosen as Pick<WorkloadEntry>[];
  if (set.workloads.length === 0 || !isFromFile || facts.hasShape || set.common.workload !== undefined)
    return [undefined];
  return [find(DEFAULT_WORKLOAD)];
}

function findWorkload({ workloads, fileOf }: ConfigSet, name: string, source: string): Pick<WorkloadEntry> {
  const entry = workloads.find((workload) => workload.name === name);
  if (entry !== undefined) return { name, entry };
  if (Object.hasOwn(PRESETS, name)) return { name };
  const names = workloads.map((workload) => workload.name);
  const all = [...names, ...Object.keys(PRESETS).filter((preset) => !names.includes(preset))];
  const where = names.length > 0 ? ` (${fileOf.workloads}, and the built-in ones)` : "";
  throw new UserError(
    `${source}: unknown workload \`${name}\`.${suggest(name, all)} Known workloads: ${list(all)}${where}.`,
    EXIT.usage,
  );
}

/** What `run` names, or the only one there is; undefined where neither says. */
function toChosen(section: Section, set: ConfigSet): Pick<NamedEntry>[] | undefined {
  const entries: readonly NamedEntry[] = set[section];
  const chosen: Chosen | undefined = set.run[section];
  const toPick = (entry: NamedEntry) => ({ name: entry.name, entry });
  if (chosen === undefined) return entries.length === 1 ? entries.map(toPick) : undefined;
  if (chosen === "all") return entries.map(toPick);
  return chosen.map((name) => {
    const entry = entries.find((one) => one.name === name);
    if (entry !== undefined) return toPick(entry);
    const names = entries.map((one) => one.name);
    const message = `\`run\` names \`${name}\`, which is not one of the ${section} (${list(names)}).${suggest(name, names)} Correct it.`;
    throw set.run.place === undefined ? new UserError(message, EXIT.usage) : errorAt(set.run.place, message);
  });
}

/** `a,b`, or `all` there are; a name or a file that has a comma is one. */
function toNames(text: string, entries: readonly NamedEntry[], more: readonly string[] = []): string[] {
  const known = entries.map(({ name }) => name);
  if (text === "all" && !known.includes("all")) return known.length > 0 ? known : [...more];
  if (known.includes(text) || existsSync(text)) return [text];
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.length === 0 ? [text] : [...new Set(names)];
}

function toChoiceError(set: ConfigSet, section: Section, flag: string): UserError {
  const names = set[section].map(({ name }) => name);
  return new UserError(
    `${set.fileOf[section]} has several ${section}: ${list(names)}. Choose with \`${flag} ${names[0]}\`, several with commas, or \`${flag} all\`.`,
    EXIT.usage,
  );
}

/** One of the workloads that the project has. */
export function isPreset(name: string): boolean {
  return Object.hasOwn(PRESETS, name.trim());
}

/** A model that llama-server would load, and not only a name: of several the first counts. */
export function looksLikeModelFile(text: string): boolean {
  const [first = ""] = text.split(",");
  return [text, first].some(
    (path) => path.toLowerCase().endsWith(".gguf") || (existsSync(path) && statSync(path).isFile()),
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
