// The schedule of an open loop: from a rate, a function of time, or a trace.
import { resolve } from "node:path";
import { OptionError } from "../../../lib/core/option-error.ts";
import { type Schedule, takeFirst, toRateSchedule } from "../../../lib/core/plans/schedule.ts";
import { formatNumber } from "../../../lib/core/units.ts";
import { type Config, endsWithPrompts } from "../../config/config.ts";
import { describeTrace } from "../../prompts/trace/trace-window.ts";
import { toFunctionArrivals } from "./function-arrivals.ts";

export interface PlannedSchedule {
  schedule: Schedule;
  /** What the user should know of it. */
  notice: string;
}

/** More would not fit into the memory of k6's clients; a day at 20 per second is less. */
const MOST_ARRIVALS = 2_000_000;
/** A function that has not ended by this time, or after this number of steps, counts as endless. */
const LONGEST_SECONDS = 7 * 86_400;
const MOST_STEPS = 100_000_000;

function describe({ offsetsMs, seconds }: Schedule, config: Config): string {
  const time = `${formatNumber(seconds, "s")} s`;
  const extent = endsWithPrompts(config)
    ? `an arrival for each prompt, in ${time} at most,`
    : `${formatNumber(offsetsMs.length, "count")} arrivals in ${time},`;
  return `Schedule: ${extent} at most ${config.shape.maxConcurrency ?? "1,000"} at the same time.`;
}

async function fromTrace({ shape }: Config, path: string): Promise<PlannedSchedule> {
  const file = resolve(path);
  const { readTrace } = await import("../../prompts/trace/read-trace.ts");
  const trace = await readTrace(file, {
    ...(shape.traceFormat !== undefined && { format: shape.traceFormat }),
    speedUp: shape.traceSpeed,
    fromSeconds: shape.traceFrom,
    ...(shape.traceFor !== undefined && { forSeconds: shape.traceFor }),
    mostRequests: MOST_ARRIVALS,
  });
  const { requests } = trace;
  const schedule = {
    offsetsMs: requests.map(({ offsetMs }) => offsetMs),
    seconds: (requests.at(-1)?.offsetMs ?? 0) / 1000,
    promptTokens: requests.map(({ promptTokens }) => promptTokens),
    outputTokens: requests.map(({ outputTokens }) => outputTokens),
    ...(requests.some(({ blocks }) => blocks !== undefined) && {
      promptBlocks: requests.map(({ blocks }) => blocks ?? null),
    }),
  };
  return { schedule, notice: describeTrace(path, trace) };
}

async function fromFunction({ shape }: Config, text: string): Promise<PlannedSchedule> {
  const { functionStep, timeStep } = shape;
  const longest = Math.min(LONGEST_SECONDS, MOST_STEPS * functionStep);
  if (shape.duration !== undefined && shape.duration > longest) {
    throw new OptionError(
      `\`--function-step ${functionStep}\` is too small for a \`--duration\` of ${shape.duration} s: raise it.`,
    );
  }
  const { parseArrivalFunction } = await import("./function-parser.ts");
  const { offsetsMs, longestWaitSeconds } = toFunctionArrivals(parseArrivalFunction(text), {
    functionStepSeconds: functionStep,
    timeStepSeconds: timeStep,
    mostArrivals: MOST_ARRIVALS,
    longestSeconds: shape.duration ?? longest,
    endsAtLongest: shape.duration !== undefined,
  });
  const schedule = { offsetsMs, seconds: (offsetsMs.at(-1) ?? 0) / 1000 };
  const notice =
    longestWaitSeconds > functionStep
      ? `The function asks for more than the sender has ticks for: one request each ${formatNumber(timeStep, "s")} s, so some leave ${formatNumber(longestWaitSeconds, "s")} s after the time that asks for them. A smaller \`--time-step\` sends them earlier. `
      : "";
  return { schedule, notice };
}

/** @throws UserError, OptionError */
export async function planSchedule(config: Config): Promise<PlannedSchedule> {
  const { shape, load } = config;
  const { trace, arrivalsFunction, iterations } = shape;
  if (trace !== undefined) {
    if (shape.duration !== undefined) {
      throw new OptionError(
        "`--duration` would cut the trace: `--trace-for 10m` says how much of it is replayed, in its own time.",
      );
    }
    const { schedule, notice } = await fromTrace(config, trace);
    const taken = takeFirst(schedule, iterations);
    return { schedule: taken, notice: `${notice} ${describe(taken, config)}` };
  }
  if (arrivalsFunction !== undefined) {
    const planned = await fromFunction(config, arrivalsFunction);
    const schedule = takeFirst(planned.schedule, iterations);
    return { schedule, notice: planned.notice + describe(schedule, config) };
  }
  const schedule = toRateSchedule(shape, load);
  return { schedule, notice: describe(schedule, config) };
}
