// The load of a run of the files: what goes with `rps`, which arrivals count, and what `concurrency` means. Pure.

import { PRESETS } from "../../../lib/core/options/presets.ts";
import type { ShapeKey } from "../../../lib/core/options/shape-options.ts";
import { SHAPE_KEYS, SHAPE_SCENARIOS } from "../../../lib/core/options/shapes.ts";
import { SCHEDULE_KEYS } from "../../../lib/core/plans/schedule.ts";
import { ALL_OPTIONS } from "../option-flags.ts";
import { addFlag } from "./flag-aliases.ts";

type Texts = Readonly<Record<string, string | undefined>>;

/** What a workload that is written with `rps` has where it does not say otherwise; the same as the project's own have. */
const { rate: _, maxConcurrency: __, ...PACED_DEFAULTS } = PRESETS["high-load"] as Record<string, string>;

/** Those of a workload with `rps`, without what would say something against what is given. */
export function toPacedDefaults(texts: Texts, isGiven: (key: string) => boolean): Record<string, string> {
  const defaults: Record<string, string> = { ...PACED_DEFAULTS };
  const isThere = (key: string) => texts[key] !== undefined || isGiven(key);
  if (isThere("iterations") || isThere("trace")) delete defaults.duration;
  if (isThere("promptTokens")) delete defaults.promptType;
  if (["arrivalsFunction", "trace", "burstiness"].some(isThere)) delete defaults.arrivals;
  return defaults;
}

/**
 * What `--rps` says in addition to the rate, by flag: the same as `rps` in a file, where nothing else says it. A workload
 * of the project has it already.
 */
export function addPacedFlags(
  flags: Record<string, string>,
  texts: Texts,
  isGiven: (key: string) => boolean,
): void {
  const isThere = (key: string) => texts[key] !== undefined || isGiven(key);
  if (isThere("workload")) return;
  for (const [key, text] of Object.entries(toPacedDefaults(texts, isGiven)))
    if (!isThere(key)) flags[ALL_OPTIONS[key]?.flag as string] = text;
}

/** A schedule on the command line replaces the workload's own. */
export function withoutOtherSchedule(
  texts: Record<string, string>,
  isGiven: (key: string) => boolean,
): Record<string, string> {
  const given = SCHEDULE_KEYS.find(isGiven);
  if (given === undefined) return texts;
  const kept = { ...texts };
  for (const key of SCHEDULE_KEYS) if (key !== given) delete kept[key];
  if (given === "arrivalsFunction" || given === "trace")
    for (const key of ["arrivals", "burstiness"]) delete kept[key];
  return kept;
}

/** `concurrency` is the cap of a load with arrivals, else the number of clients. @throws UserError */
export function addConcurrency(
  file: Record<string, string>,
  flags: Record<string, string>,
  isGiven: (key: string) => boolean,
  texts: { flag?: string; file?: string },
): void {
  const isThere = (key: string) => file[key] !== undefined || isGiven(key);
  const isOpen =
    [...SCHEDULE_KEYS, "workload"].some(isThere) || file.scenario === "open" || flags.scenario === "open";
  const key = isOpen ? "maxConcurrency" : "vus";
  if (texts.flag !== undefined) addFlag(flags, key, texts.flag, "concurrency");
  if (texts.file !== undefined) file[key] ??= texts.file;
}

/** Options of an open loop alone, and the one that names the scenario itself. */
const OF_OTHER_LOADS: readonly string[] = [
  "scenario",
  ...SHAPE_KEYS.open.filter((key: ShapeKey) => !SHAPE_KEYS.closed.includes(key)),
];

/** The scenario of a benchmark with a number of threads; undefined where an option asks for another load. */
export function toThreadsScenario(isThere: (key: string) => boolean): string | undefined {
  return OF_OTHER_LOADS.some(isThere) ? undefined : SHAPE_SCENARIOS.closed;
}
