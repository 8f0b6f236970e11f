// When the requests of an open loop are due, and how long prompt and answer are where a trace says so.

import { OptionError } from "../option-error.ts";
import { type ArrivalProcess, toArrivalOffsets } from "./arrivals.ts";
import { DEFAULT_SECONDS } from "./closed.ts";
import { countPlanned, type PromptCountOptions } from "./prompt-count.ts";
import { parseStages, type Stage, totalSeconds } from "./stages.ts";

/** One entry an arrival in each list. */
export interface Schedule {
  /** Ascending, in milliseconds from the start. */
  offsetsMs: number[];
  /** The planned end: of the asked time, or of the last arrival. */
  seconds: number;
  /** Tokens of the prompt and of the answer. */
  promptTokens?: number[];
  outputTokens?: number[];
  /** What the prompt is made of, where a trace says which parts it has in common with others: see SyntheticPrompt. */
  promptBlocks?: (number[] | null)[];
}

/** The options of a schedule by rate; times in seconds. */
export interface RateShape {
  rate?: number;
  rateStages?: string;
  duration?: number;
  iterations?: number;
  arrivals: ArrivalProcess;
  burstiness?: number;
}

/** Which options say when requests are due; a schedule has exactly one. */
export const SCHEDULE_KEYS = ["rate", "rateStages", "arrivalsFunction", "trace"] as const;

/** The gamma distribution is what `--burstiness` is about. */
function toProcess({ arrivals, burstiness }: RateShape): ArrivalProcess {
  if (burstiness === undefined) {
    if (arrivals !== "gamma") return arrivals;
    throw new OptionError(
      "`--arrivals gamma` (SERVER_BENCH_ARRIVALS) needs a shape: add `--burstiness 0.5` (SERVER_BENCH_BURSTINESS), or use `poisson`.",
    );
  }
  if (arrivals === "constant") {
    throw new OptionError(
      "`--burstiness` (SERVER_BENCH_BURSTINESS) is about random gaps, `--arrivals constant` has none: leave one of them out.",
    );
  }
  return "gamma";
}

interface RateLoad extends PromptCountOptions {
  seed: number;
  ab?: readonly string[] | undefined;
}

function toRateStages({ rate, rateStages, duration, iterations }: RateShape, load: RateLoad): Stage[] {
  if (rateStages !== undefined) {
    const stages = parseStages(rateStages) as Stage[];
    const seconds = totalSeconds(stages);
    if (duration !== undefined && duration < seconds) {
      throw new OptionError(
        `\`--rate-stages\` takes ${seconds} s, \`--duration ${duration}\` would cut it: shorten the stages, or leave \`--duration\` out.`,
      );
    }
    return stages;
  }
  const from = rate as number;
  const count = iterations ?? (duration === undefined ? countPlanned(load) : Number.POSITIVE_INFINITY);
  // As long as a closed loop, where nothing says how many requests or how long.
  const isSized = iterations !== undefined || load.nPrompts !== undefined;
  const seconds = Math.min(duration ?? (isSized ? Number.POSITIVE_INFINITY : DEFAULT_SECONDS), count / from);
  return [{ seconds, from, to: from }];
}

/**
 * The schedule of arrivals at a rate.
 * @param shape with `rate` or `rateStages`; a rate that neither `duration` nor `iterations` ends has an arrival a prompt, and
 *   without a number of prompts it ends after ten minutes at the latest
 * @throws OptionError for options that contradict each other, or a load without arrivals
 */
export function toRateSchedule(shape: RateShape, load: RateLoad): Schedule {
  const { seed } = load;
  const stages = toRateStages(shape, load);
  const process = toProcess(shape);
  const all = toArrivalOffsets({ stages, process, burstiness: shape.burstiness ?? 1, seed });
  if (all.length === 0) {
    throw new OptionError(
      `There would be no request: ${totalSeconds(stages)} s at such a rate are less than one arrival. Raise the rate, or the time.`,
    );
  }
  return takeFirst({ offsetsMs: all, seconds: totalSeconds(stages) }, shape.iterations);
}

/** The first arrivals of a schedule, which then ends with the last of them; all of it where no number is given. */
export function takeFirst(schedule: Schedule, count: number | undefined): Schedule {
  if (count === undefined || count >= schedule.offsetsMs.length) return schedule;
  const { promptTokens, outputTokens, promptBlocks } = schedule;
  const offsetsMs = schedule.offsetsMs.slice(0, count);
  return {
    offsetsMs,
    seconds: (offsetsMs[count - 1] as number) / 1000,
    ...(promptTokens && { promptTokens: promptTokens.slice(0, count) }),
    ...(outputTokens && { outputTokens: outputTokens.slice(0, count) }),
    ...(promptBlocks && { promptBlocks: promptBlocks.slice(0, count) }),
  };
}
