// A closed loop: a number of clients, each sending its next request when its last one is done; and the k6 executor for it.
import { OptionError } from "../option-error.ts";
import { RAMP_SECONDS_PER_CLIENT, type RampShape } from "./ramp.ts";
import { highestLevel, parseStages, type Stage, totalSeconds } from "./stages.ts";

export interface ClosedPlan {
  /** The most clients at a time. */
  clients: number;
  /** The run ends after this many requests; absent where it ends by time alone. */
  requests?: number;
  /** Nothing more is sent after this time. */
  seconds: number;
  /** How long clients take to start, and in which manner; 0 with stages. */
  rampSeconds: number;
  rampShape: RampShape;
  /** Numbers of clients over time, instead of one number. */
  stages?: Stage[];
  /** A client starts nothing more after this time from its own start. */
  clientSeconds?: number;
}

/** The options of a closed loop; times in seconds. */
export interface ClosedShape {
  vus?: number;
  iterations?: number;
  duration?: number;
  rampUp?: number;
  rampShape: RampShape;
  stages?: string;
  threadStopTime?: number;
}

export interface ClosedDefaults {
  clients: number;
  requests: number;
}

/** The default length of a closed loop. */
export const DEFAULT_SECONDS = 600;

/** Options that contradict stages. */
const FLAGS_BESIDE_STAGES = {
  vus: "--vus",
  iterations: "--iterations",
  duration: "--duration",
  rampUp: "--ramp-up",
  threadStopTime: "--thread-stop-time",
} as const;

function refuse(given: string, reason: string): never {
  throw new OptionError(`${given} ${reason}`);
}

/** @throws OptionError for options that contradict each other */
export function toClosedPlan(shape: ClosedShape, defaults: ClosedDefaults): ClosedPlan {
  const { vus, iterations, duration, rampUp, rampShape, threadStopTime } = shape;
  if (shape.stages !== undefined) {
    const stages = parseStages(shape.stages) as Stage[];
    const other = Object.entries(FLAGS_BESIDE_STAGES).find(
      ([key]) => shape[key as keyof typeof FLAGS_BESIDE_STAGES] !== undefined,
    );
    if (other !== undefined) {
      const [, flag] = other;
      refuse("`--stages`", `says how many clients there are and for how long: leave \`${flag}\` out.`);
    }
    if (stages.some(({ from, to }) => !Number.isInteger(from) || !Number.isInteger(to))) {
      refuse("`--stages`", `are numbers of clients, whole ones: got \`${shape.stages}\`.`);
    }
    return {
      clients: highestLevel(stages),
      seconds: totalSeconds(stages),
      rampSeconds: 0,
      rampShape,
      stages,
    };
  }
  const clients = vus ?? Math.min(defaults.clients, iterations ?? defaults.requests);
  const rampSeconds = rampUp ?? clients * RAMP_SECONDS_PER_CLIENT;
  if (threadStopTime !== undefined) {
    if (iterations !== undefined) {
      refuse("`--thread-stop-time`", "ends the run by time: leave `--iterations` out.");
    }
    const longest = Math.min(duration ?? Number.POSITIVE_INFINITY, rampSeconds + threadStopTime);
    const seconds = Math.round(longest * 1000) / 1000;
    return { clients, seconds, rampSeconds, rampShape, clientSeconds: threadStopTime };
  }
  const requests = iterations ?? defaults.requests;
  if (requests < clients) {
    refuse(
      `Expected \`--iterations\` to be at least \`--vus\` (${clients}),`,
      `got \`${requests}\`. Each client sends one request or more.`,
    );
  }
  const seconds = duration ?? DEFAULT_SECONDS;
  if (rampSeconds >= seconds) {
    refuse(
      `\`--ramp-up\` takes ${rampSeconds} s,`,
      `but the run ends after ${seconds} s (\`--duration\`): not all clients would start.`,
    );
  }
  return { clients, requests, seconds, rampSeconds, rampShape };
}

/** A k6 executor's options. */
export type Executor = { executor: string } & Record<string, unknown>;

/** k6 waits this long for the open requests when a closed loop has come to its planned end. */
const GRACEFUL_STOP = "30s";

export function toClosedExecutor({ clients, requests, seconds, stages }: ClosedPlan): Executor {
  if (stages !== undefined) {
    const start = stages[0]?.from ?? 0;
    return {
      executor: "ramping-vus",
      startVUs: start,
      stages: stages.flatMap(({ seconds: time, from, to }, index) => [
        ...((stages[index - 1]?.to ?? start) === from ? [] : [{ duration: "0s", target: from }]),
        { duration: `${time}s`, target: to },
      ]),
      gracefulRampDown: GRACEFUL_STOP,
      gracefulStop: GRACEFUL_STOP,
    };
  }
  const common = { vus: clients, gracefulStop: GRACEFUL_STOP };
  return requests === undefined
    ? { executor: "constant-vus", duration: `${seconds}s`, ...common }
    : { executor: "shared-iterations", iterations: requests, maxDuration: `${seconds}s`, ...common };
}
