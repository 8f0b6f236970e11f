// What a sweep varies and what it looks for, read from its own options.
import { OptionError } from "../../../lib/core/option-error.ts";
import { parseQuantity } from "../../../lib/core/options/quantity.ts";
import { parseSeconds } from "../../../lib/core/parse-seconds.ts";

/** The options that only a sweep has, as texts by their flag. */
export interface SweepFlags {
  concurrency?: string;
  rates?: string;
  "goodput-target"?: string;
  precision?: string;
  "max-points"?: string;
  "max-point-time"?: string;
}

/** Clients at a time (closed loop), or requests per second (open loop). */
export type SweepAxis = "concurrency" | "rate";

export interface SweepGoal {
  axis: SweepAxis;
  /** In rising order; `auto`: doubling from `start`. */
  loads: number[] | "auto";
  /** For `auto`; for rates it is known only after the server was probed. */
  start?: number;
  /** There are SLOs or requirements, so that a load can meet them. */
  isJudged: boolean;
  /** A load meets the SLOs when this share of its requests does. */
  goodputTarget: number;
  /** Largest relative distance between the highest rate that meets the goal and the lowest that does not. */
  precision: number;
  maxPoints: number;
  /** Longest time of a point in seconds; requests that are open then are awaited. */
  maxPointSeconds: number;
}

const DEFAULTS = { goodputTarget: 0.95, precision: 0.05, maxPoints: 20, maxPointSeconds: 300 };

/** @throws OptionError for an invalid text, and unless exactly one axis is given */
export function readSweepGoal(flags: SweepFlags, isJudged: boolean): SweepGoal {
  const { concurrency, rates } = flags;
  if ((concurrency === undefined) === (rates === undefined)) {
    throw new OptionError(
      "A sweep varies either the number of clients or the rate: give `--concurrency 1,2,4,8` or `--rates 0.5,1,2,4`; `auto` instead of the numbers doubles them.",
    );
  }
  const axis = concurrency === undefined ? "rate" : "concurrency";
  const loads = readLoads(axis, (concurrency ?? rates) as string);
  if (!isJudged && flags["goodput-target"] !== undefined) {
    throw new OptionError(
      "`--goodput-target` is the share of requests that meet the SLOs: add one, such as `--slo ttft=500ms`.",
    );
  }
  return {
    axis,
    loads,
    ...(loads === "auto" && axis === "concurrency" && { start: 1 }),
    isJudged,
    goodputTarget: readShare("goodput-target", flags["goodput-target"]) ?? DEFAULTS.goodputTarget,
    precision: readShare("precision", flags.precision) ?? DEFAULTS.precision,
    maxPoints: readCount(flags["max-points"]) ?? DEFAULTS.maxPoints,
    maxPointSeconds: readTime(flags["max-point-time"]) ?? DEFAULTS.maxPointSeconds,
  };
}

function readLoads(axis: SweepAxis, text: string): number[] | "auto" {
  if (text.trim() === "auto") return "auto";
  const flag = axis === "concurrency" ? "`--concurrency`" : "`--rates`";
  const loads = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const isFit = (load: number) =>
    load > 0 && Number.isFinite(load) && (axis === "rate" || Number.isInteger(load));
  if (!loads.every(isFit)) {
    const what =
      axis === "concurrency" ? "whole numbers above 0 as in `1,2,4,8`" : "numbers above 0 as in `0.5,1,2`";
    throw new OptionError(`${flag}: expected ${what}, or \`auto\`, got \`${text}\`.`);
  }
  return [...new Set(loads)].sort((a, b) => a - b);
}

function readShare(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = parseQuantity(text, "share");
  if (share !== undefined && share > 0 && share <= 1) return share;
  throw new OptionError(
    `\`--${flag}\`: expected a share above 0, such as \`95%\` or \`0.95\`, got \`${text}\`.`,
  );
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new OptionError(`\`--max-points\`: expected a whole number above 0, got \`${text}\`.`);
}

function readTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseSeconds(text);
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new OptionError(`\`--max-point-time\`: expected a time above 0, such as \`5m\`, got \`${text}\`.`);
}
