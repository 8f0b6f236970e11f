// The options of a load's shape, one row each: how many clients or arrivals, for how long, and which of them are measured.
//
// Same form as options.ts; descriptions in shape-option-docs.ts. Which scenario takes which of them is in shapes.ts.
import type { OptionSpec, Values } from "./options.ts";

export const SHAPE_OPTIONS = {
  workload: {
    kind: "choice",
    flag: "workload",
    variable: "SERVER_BENCH_WORKLOAD",
    choices: ["low-load", "medium-load", "high-load", "stress-test"],
  },
  vus: { kind: "count", flag: "vus", variable: "SERVER_BENCH_VUS" },
  iterations: { kind: "count", flag: "iterations", variable: "SERVER_BENCH_ITERATIONS" },
  duration: { kind: "seconds", flag: "duration", variable: "SERVER_BENCH_DURATION" },

  rampUp: { kind: "seconds", flag: "ramp-up", variable: "SERVER_BENCH_RAMP_UP" },
  rampShape: {
    kind: "choice",
    flag: "ramp-shape",
    variable: "SERVER_BENCH_RAMP_SHAPE",
    choices: ["linear", "exponential"],
    default: "linear",
  },
  stages: { kind: "stages", flag: "stages", variable: "SERVER_BENCH_STAGES" },
  threadStopTime: { kind: "seconds", flag: "thread-stop-time", variable: "SERVER_BENCH_THREAD_STOP_TIME" },

  rate: { kind: "positive", flag: "rate", variable: "SERVER_BENCH_RATE" },
  rateStages: { kind: "stages", flag: "rate-stages", variable: "SERVER_BENCH_RATE_STAGES" },
  arrivals: {
    kind: "choice",
    flag: "arrivals",
    variable: "SERVER_BENCH_ARRIVALS",
    choices: ["poisson", "constant", "gamma"],
    default: "poisson",
  },
  burstiness: { kind: "positive", flag: "burstiness", variable: "SERVER_BENCH_BURSTINESS" },
  arrivalsFunction: {
    kind: "text",
    flag: "arrivals-function",
    variable: "SERVER_BENCH_ARRIVALS_FUNCTION",
  },
  timeStep: { kind: "seconds", flag: "time-step", variable: "SERVER_BENCH_TIME_STEP", default: 0.01 },
  skipIdleMin: { kind: "positive", flag: "skip-idle-min", variable: "SERVER_BENCH_SKIP_IDLE_MIN" },
  trace: { kind: "path", flag: "trace", variable: "SERVER_BENCH_TRACE" },
  traceFormat: {
    kind: "choice",
    flag: "trace-format",
    variable: "SERVER_BENCH_TRACE_FORMAT",
    choices: ["mooncake", "azure", "burstgpt", "plain"],
  },
  traceSpeed: { kind: "positive", flag: "trace-speed", variable: "SERVER_BENCH_TRACE_SPEED", default: 1 },
  traceFrom: { kind: "seconds", flag: "trace-from", variable: "SERVER_BENCH_TRACE_FROM", default: 0 },
  traceFor: { kind: "seconds", flag: "trace-for", variable: "SERVER_BENCH_TRACE_FOR" },
  maxConcurrency: {
    kind: "count",
    flag: "max-concurrency",
    variable: "SERVER_BENCH_MAX_CONCURRENCY",
  },
  whenBusy: {
    kind: "choice",
    flag: "when-busy",
    variable: "SERVER_BENCH_WHEN_BUSY",
    choices: ["wait", "drop"],
    default: "wait",
  },

  warmupRequests: { kind: "whole", flag: "warmup-requests", variable: "SERVER_BENCH_WARMUP_REQUESTS" },
  warmupTime: { kind: "seconds", flag: "warmup-time", variable: "SERVER_BENCH_WARMUP_TIME" },
  cooldownRequests: { kind: "whole", flag: "cooldown-requests", variable: "SERVER_BENCH_COOLDOWN_REQUESTS" },
  cooldownTime: { kind: "seconds", flag: "cooldown-time", variable: "SERVER_BENCH_COOLDOWN_TIME" },
} as const satisfies Record<string, OptionSpec>;

export type ShapeKey = keyof typeof SHAPE_OPTIONS;
export type ShapeOptions = Values<typeof SHAPE_OPTIONS>;
