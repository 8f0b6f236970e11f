// The options of a load's shape, one row each: how many clients or arrivals, for how long, and which of them are measured.
//
// Same form as options.ts. Which scenario takes which of them is in shapes.ts.
import { defineOptions, type Values } from "./option.ts";

export const SHAPE_OPTIONS = defineOptions({
  workload: {
    kind: "choice",
    group: "load",
    choices: ["low-load", "medium-load", "high-load", "stress-test"],
    isList: true,
    text: "a named load, from a configuration file or built in (1, 5, 20 or 50 requests per second); every other option overrides it",
  },
  vus: {
    kind: "count",
    group: "closedLoop",
    text: "clients of a closed loop; each sends its next request when its last one is done; default: the value of `--parallel`",
    brief: "closed loop: number of clients",
  },
  iterations: {
    kind: "count",
    group: "load",
    text: "number of requests after which the run ends; default: the number of prompts",
    brief: "number of requests",
  },
  duration: {
    kind: "seconds",
    group: "load",
    text: "time after which nothing more is sent, unless all requests are done; default: 10 minutes; none in an open loop whose number of requests or prompts is given",
    brief: "time limit, such as 90 or 10m",
  },
  rampUp: {
    kind: "seconds",
    group: "closedLoop",
    text: "time over which clients start one after the other; default of `closed`: 0.1 s for each client",
  },
  rampShape: {
    kind: "choice",
    group: "closedLoop",
    choices: ["linear", "exponential"],
    default: "linear",
    text: "how clients start: at a constant pace (`linear`) or accelerating (`exponential`)",
  },
  stages: {
    kind: "stages",
    group: "closedLoop",
    text: "number of clients in stages: `30s:3,1m:10,1m:50`; rising: `1m:3-50`",
  },
  threadStopTime: {
    kind: "seconds",
    group: "closedLoop",
    text: "a client starts nothing more once this time has passed since its own start",
  },
  rate: {
    kind: "positive",
    group: "openLoop",
    text: "arrivals per second of an open loop: requests are sent when they are due, whether or not others are done",
    brief: "open loop: requests per second",
  },
  rateStages: {
    kind: "stages",
    group: "openLoop",
    text: "arrivals per second in stages: `30s:1,1m:5`; rising: `1m:1-5`",
  },
  arrivals: {
    kind: "choice",
    group: "openLoop",
    choices: ["poisson", "constant", "gamma"],
    default: "poisson",
    text: "gaps between arrivals: `poisson` as for independent users, `constant`, or `gamma` with `--burstiness`",
  },
  burstiness: {
    kind: "positive",
    group: "openLoop",
    text: "shape of the gamma distribution of the gaps: 1 is `poisson`, below is burstier, above more regular; given alone it means `--arrivals gamma`",
  },
  arrivalsFunction: {
    kind: "text",
    group: "openLoop",
    text: "number of requests that are due by second t: `lambda t: int(t/0.1+1) if t<60 else None`, or the expression alone; None ends the load",
  },
  functionStep: {
    kind: "seconds",
    group: "openLoop",
    default: 1,
    text: "step of t at which the function is evaluated; what becomes due at once leaves as a burst",
  },
  timeStep: {
    kind: "seconds",
    group: "openLoop",
    default: 0.01,
    text: "tick of the function's sender: its requests leave at multiples of this time, one a tick",
  },
  skipIdleMin: {
    kind: "seconds",
    group: "openLoop",
    text: "shorten a pause of the function in which no request runs to this time, the least that is kept of it; default: pauses last as long as the function says",
  },
  trace: {
    kind: "path",
    group: "openLoop",
    text: "replays a trace (JSONL or CSV: time, prompt and answer length), with synthetic prompts of these lengths",
  },
  traceFormat: {
    kind: "choice",
    group: "openLoop",
    choices: ["mooncake", "azure", "burstgpt", "plain"],
    text: "layout of the trace; default: detected",
  },
  traceSpeed: {
    kind: "positive",
    group: "openLoop",
    default: 1,
    text: "factor by which the trace is replayed faster",
  },
  traceFrom: {
    kind: "seconds",
    group: "openLoop",
    default: 0,
    text: "skip this much of the beginning of the trace, in its own time",
  },
  traceFor: {
    kind: "seconds",
    group: "openLoop",
    text: "replay this much of the trace, in its own time; default: all",
  },
  maxConcurrency: {
    kind: "count",
    group: "openLoop",
    text: "maximum number of concurrent requests of an open loop; default: the number of arrivals, at most 1,000",
    brief: "open loop: most requests at a time",
  },
  whenBusy: {
    kind: "choice",
    group: "openLoop",
    choices: ["wait", "drop"],
    default: "wait",
    text: "what happens to an arrival above the cap: `wait`, sent late, and its wait is counted; `drop`, never sent, and counted",
  },
  warmupRequests: {
    kind: "whole",
    group: "measured",
    text: "number of requests at the beginning that are sent but not measured",
  },
  warmupTime: {
    kind: "seconds",
    group: "measured",
    text: "requests sent in this time at the beginning are not measured",
  },
  cooldownRequests: {
    kind: "whole",
    group: "measured",
    text: "number of requests at the end that are sent but not measured",
  },
  cooldownTime: {
    kind: "seconds",
    group: "measured",
    text: "requests sent in this time at the end are not measured",
  },
});

export type ShapeKey = keyof typeof SHAPE_OPTIONS;
export type ShapeOptions = Values<typeof SHAPE_OPTIONS>;
