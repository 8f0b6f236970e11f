// Which shape of load a scenario has, and which options belong to it: an option must not silently change the load into another one.
import { OptionError } from "../option-error.ts";
import { SCHEDULE_KEYS } from "../plans/schedule.ts";
import { SHAPE_OPTIONS, type ShapeKey, type ShapeOptions } from "./shape-options.ts";

/** `plain`: k6's own options decide (--vus, --iterations, --duration). */
export type ShapeKind = "plain" | "closed" | "open";

const LENGTH: readonly ShapeKey[] = ["iterations", "duration"];
const PHASES: readonly ShapeKey[] = ["warmupRequests", "warmupTime", "cooldownRequests", "cooldownTime"];

/** The options that a shape takes. */
export const SHAPE_KEYS: Record<ShapeKind, readonly ShapeKey[]> = {
  plain: ["vus", ...LENGTH, ...PHASES],
  closed: ["vus", ...LENGTH, ...PHASES, "rampUp", "rampShape", "stages", "threadStopTime"],
  open: [
    "workload",
    ...LENGTH,
    ...PHASES,
    ...SCHEDULE_KEYS,
    ...([
      "arrivals",
      "burstiness",
      "functionStep",
      "timeStep",
      "skipIdleMin",
      "maxConcurrency",
      "whenBusy",
    ] as const),
    ...(["traceFormat", "traceSpeed", "traceFrom", "traceFor"] as const),
  ],
};

/** The scenario of this project with that shape. */
export const SHAPE_SCENARIOS: Record<ShapeKind, string> = { plain: "script", closed: "closed", open: "open" };

/** The shape of a scenario by its name (`open`, `open.js`, `dist/open.js`); every other one is plain. */
export function shapeOf(scenario: string): ShapeKind {
  const name = scenario.replace(/^(\.[\\/])?dist[\\/]/, "").replace(/\.[jt]s$/, "");
  return name === "closed" || name === "open" ? name : "plain";
}

/** The shape that options ask for by being there; undefined where they fit any. */
export function shapeWanted(given: readonly ShapeKey[]): ShapeKind | undefined {
  if (given.some((key) => !SHAPE_KEYS.closed.includes(key))) return "open";
  return given.some((key) => !SHAPE_KEYS.plain.includes(key)) ? "closed" : undefined;
}

const flagOf = (key: ShapeKey) => `\`--${SHAPE_OPTIONS[key].flag}\` (${SHAPE_OPTIONS[key].variable})`;

/** What to use instead of an option that belongs to another shape. */
function remedyFor(key: ShapeKey, kind: ShapeKind): string {
  if (kind === "open" && key === "vus") {
    return "use `--max-concurrency` (SERVER_BENCH_MAX_CONCURRENCY) to cap the requests at the same time, or leave out what makes it open";
  }
  const wanted = (["closed", "open"] as const).find((other) => SHAPE_KEYS[other].includes(key));
  return wanted === undefined ? "leave it out" : `use the scenario \`${wanted}\`, or leave it out`;
}

/** Times that mean nothing when they are 0. */
const ABOVE_ZERO = [
  "duration",
  "threadStopTime",
  "functionStep",
  "timeStep",
  "skipIdleMin",
  "traceFor",
] as const;

/** @throws OptionError for a time of 0 that has to be above 0 */
export function checkTimes(shape: ShapeOptions): void {
  const key = ABOVE_ZERO.find((time) => shape[time] === 0);
  if (key !== undefined) throw new OptionError(`${flagOf(key)}: expected a time above 0, got \`0\`.`);
}

/**
 * @param given the options that were given, without defaults
 * @throws OptionError for an option that the shape, or its schedule, does not take, and for an open loop without exactly
 *   one schedule
 */
export function checkShape(kind: ShapeKind, given: readonly ShapeKey[], scenario: string): void {
  const foreign = given.find((key) => !SHAPE_KEYS[kind].includes(key));
  if (foreign !== undefined) {
    throw new OptionError(
      `${flagOf(foreign)} is not an option of the scenario \`${scenario}\`: ${remedyFor(foreign, kind)}.`,
    );
  }
  if (kind !== "open") return;
  const schedules = SCHEDULE_KEYS.filter((key) => given.includes(key));
  if (schedules.length === 0) {
    throw new OptionError(
      "An open loop needs to know when requests are due: add `--rate 2` (SERVER_BENCH_RATE), `--rate-stages`, `--arrivals-function` or `--trace`.",
    );
  }
  if (schedules.length > 1) {
    throw new OptionError(
      `${schedules.map(flagOf).join(" and ")} each say when requests are due: leave all but one out.`,
    );
  }
  checkScheduleOptions(given);
}

/** Options that belong only to some schedules: [option, the schedules]. */
const OF_SCHEDULE: readonly (readonly [ShapeKey, readonly ShapeKey[]])[] = [
  ["burstiness", ["rate", "rateStages"]],
  ["arrivals", ["rate", "rateStages"]],
  ["functionStep", ["arrivalsFunction"]],
  ["timeStep", ["arrivalsFunction"]],
  ["skipIdleMin", ["arrivalsFunction"]],
  ["traceFormat", ["trace"]],
  ["traceSpeed", ["trace"]],
  ["traceFrom", ["trace"]],
  ["traceFor", ["trace"]],
];

/** Options that the given schedule has no use for, whether or not they are given. */
export function uselessFor(given: readonly ShapeKey[]): ShapeKey[] {
  return OF_SCHEDULE.flatMap(([key, schedules]) =>
    schedules.some((schedule) => given.includes(schedule)) ? [] : [key],
  );
}

/** @throws OptionError for an option that the given schedule has no use for */
function checkScheduleOptions(given: readonly ShapeKey[]): void {
  const useless = uselessFor(given);
  for (const [key, schedules] of OF_SCHEDULE) {
    if (!given.includes(key) || !useless.includes(key)) continue;
    throw new OptionError(
      `${flagOf(key)} is for ${schedules.map((schedule) => `\`--${SHAPE_OPTIONS[schedule].flag}\``).join(" and ")}: leave it out.`,
    );
  }
}
