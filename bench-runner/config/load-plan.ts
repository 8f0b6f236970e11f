// The load of a run as it becomes known: from the options, then the script or the schedule, the prompts and the server. Pure.
import type { LoadOptions } from "../../lib/core/options/options.ts";
import type { ShapeOptions } from "../../lib/core/options/shape-options.ts";
import type { ShapeKind } from "../../lib/core/options/shapes.ts";
import { checkPhases } from "../../lib/core/plans/check-phases.ts";
import { toConcurrency } from "../../lib/core/plans/open.ts";
import { countPlanned } from "../../lib/core/plans/prompt-count.ts";
import { type Schedule, takeFirst } from "../../lib/core/plans/schedule.ts";
import type { Config } from "./config.ts";

/** A configuration never changes; each step of a run that learns more makes a new plan from the last one. */
export interface LoadPlan {
  readonly kind: ShapeKind;
  /** The maximum number of concurrent clients, and so of requests. */
  readonly clients: number;
  /** Planned iterations of the scenario; undefined where time alone ends the load. */
  readonly iterations: number | undefined;
  /** The longest that the load takes; in an open loop to the planned end of its schedule. */
  readonly seconds: number;
  /** The given options of the load's shape. */
  readonly shape: Partial<ShapeOptions>;
  /** The load options as they are sent: contents of files included, and the model by the server's name. */
  readonly options: LoadOptions;
  /** When each request of an open loop is due. */
  readonly schedule?: Schedule;
  /** The script's own options decide its load, because no option does. */
  readonly isScripts?: true;
  /** The server said what its model is called. */
  readonly isModelFromServer?: true;
}

/** What the options alone say; the size of an open loop is known only with its schedule. */
export function planLoad(config: Config): LoadPlan {
  const { kind, vus, iterations, durationSeconds, shape, given, load } = config;
  return {
    kind,
    clients: vus,
    iterations,
    seconds: durationSeconds,
    shape: Object.fromEntries(given.map((key) => [key, shape[key]])),
    options: load,
  };
}

/** The load of a script whose own options decide it. @param script as k6 describes it */
export function withScriptsLoad(
  plan: LoadPlan,
  script: { vus: number; iterations?: number; seconds: number },
): LoadPlan {
  const { vus, iterations, seconds } = script;
  return { ...plan, isScripts: true, clients: vus, iterations, seconds };
}

/** The load of an open loop. @param shape all options of its shape @throws OptionError for phases that do not fit */
export function withSchedule(plan: LoadPlan, shape: ShapeOptions, schedule: Schedule): LoadPlan {
  const { offsetsMs, seconds } = schedule;
  checkPhases(shape, { requests: offsetsMs.length, seconds });
  return {
    ...plan,
    clients: toConcurrency(shape, offsetsMs.length),
    iterations: offsetsMs.length,
    seconds,
    schedule,
  };
}

/**
 * The load with its number of prompts. It ends with them where `--when-out end` asks for that, or the load has no size.
 * @param shape all options of the load's shape
 * @param rows number of prompts, which an option may have asked for more of
 * @param isOnce the load has no size: each prompt is sent once
 * @throws OptionError for phases that do not fit the shorter load
 */
export function withPrompts(asked: LoadPlan, shape: ShapeOptions, rows: number, isOnce = false): LoadPlan {
  const plan = { ...asked, options: { ...asked.options, nPrompts: asked.options.nPrompts ?? rows } };
  const { kind, options, schedule, isScripts } = plan;
  // Where time alone ends a load, its clients find out by themselves that nothing is left to send.
  const ends = options.whenOut === "end" || isOnce;
  if (!ends || isScripts || plan.iterations === undefined) return plan;
  const iterations = Math.min(plan.iterations, countPlanned({ nPrompts: rows, ab: options.ab }));
  if (iterations === plan.iterations) return plan;
  const isTold = kind === "closed" || plan.shape.iterations !== undefined;
  const cut: LoadPlan = {
    ...plan,
    clients: Math.min(plan.clients, iterations),
    iterations,
    ...(isTold && { shape: { ...plan.shape, iterations } }),
  };
  return schedule === undefined ? cut : withSchedule(cut, shape, takeFirst(schedule, iterations));
}

/** @param name what the server calls its one model */
export function withServersModel(plan: LoadPlan, name: string): LoadPlan {
  return { ...plan, options: { ...plan.options, modelAlias: name }, isModelFromServer: true };
}
