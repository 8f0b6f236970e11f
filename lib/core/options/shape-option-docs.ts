// What each option of a load's shape means, one sentence each: for --help, the README's table and schemas.
import type { SHAPE_OPTIONS } from "./shape-options.ts";

export const SHAPE_OPTION_DOCS = {
  workload:
    "a load by its name, of a configuration file or of the project's own, of 1, 5, 20 or 50 requests a second; every other option still wins over it",
  vus: "clients of a closed loop, each sends its next request when its last one is done; default: as many as `--parallel`",
  iterations: "requests after which the run ends; default: as many as `--n-prompts`",
  duration:
    "time after which nothing more is sent, if the requests were not done before; default 10 minutes in a closed loop, none in an open one",
  rampUp: "clients start one after the other over this time; default of `closed`: 0.1 s for each client",
  rampShape: "evenly, or ever more at a time",
  stages: "so many clients for so long, stage after stage: `30s:3,1m:10,1m:50`; a climb: `1m:3-50`",
  threadStopTime: "a client starts nothing more when this time has passed since its own start",
  rate: "arrivals a second of an open loop: requests are sent when they are due, whether or not others are done",
  rateStages: "arrivals a second, stage after stage: `30s:1,1m:5`; a climb: `1m:1-5`",
  arrivals:
    "how arrivals follow one another: at random as independent users do, evenly, or with `--burstiness`",
  burstiness:
    "shape of the gamma distribution of the gaps: 1 is `poisson`, below is more bursty, above more even; alone it means `--arrivals gamma`",
  arrivalsFunction:
    "how many requests are to be sent by second t: `lambda t: int(t/0.1+1) if t<60 else None`, or the expression alone; None ends",
  timeStep: "steps of t in which the function is asked",
  skipIdleMin: "gaps of the function's arrivals that are longer than so many minutes are left out",
  trace: "replays a trace (JSONL or CSV: time, prompt and answer length), with prompts made to these lengths",
  traceFormat: "layout of the trace; default: recognised by itself",
  traceSpeed: "replays so many times as fast",
  traceFrom: "leaves out this much of the trace's beginning, in its own time",
  traceFor: "replays this much of the trace, in its own time; default: all",
  maxConcurrency:
    "cap on an open loop's requests at the same time; default: as many as there are arrivals, 1,000 at most",
  whenBusy:
    "what becomes of an arrival that the cap lets wait: `wait`, sent late and its wait counted; `drop`, never sent and counted",
  warmupRequests: "the first requests, so many, are sent but not measured",
  warmupTime: "what is sent in this time at the beginning is not measured",
  cooldownRequests: "the last requests, so many, are sent but not measured",
  cooldownTime: "what is sent in this time at the end is not measured",
} as const satisfies Record<keyof typeof SHAPE_OPTIONS, string>;
