// What a scenario of one's own imports from "server-bench". What is not here may change with any version.
/// <reference path="../../xk6-sse/index.d.ts" />
/// <reference path="./globals.d.ts" />

// Every scenario

// The checked options of a run.
export type { LoadOptions } from "../core/options/options.ts";
// Options of your own, from variables, checked; `node bench-runner scenarios my.ts` lists them.
export type { OwnOption } from "../core/options/own-option.ts";
export { defineOptions } from "./prepare/own-options.ts";
// `prepareScenario`: options (`load`), prompts (`rows`), k6 options of a run; once, at the top. `handleSummary`: export it.
export { handleSummary, prepareScenario, type Scenario } from "./scenario.ts";

// Iterations and requests

// The classic iteration: the next prompt, then a pause. Rows of your own: `createIteration({ ...scenario, rows })`.
export { createIteration } from "./iteration.ts";
// One request with a prompt and tags of your own, and the project's metrics.
export { createRequest } from "./request/request.ts";

// The parts of a request, for one that `createRequest` cannot make

// How a server's stream is read: the third argument of `stream`.
export type { DialectName } from "../core/apis/apis.ts";
// Messages → the body of a completion request: `toBody(scenario.body, messages, load, row)`. Of chat and completions;
// `createRequest` sends those of every API.
export { type BodyOptions, toBody, toBodyFields } from "../core/apis/body.ts";
// The address of an endpoint: `apiUrl(load.url, "/completions")`, with `/v1`; `rootUrl(load.url)`, without.
export { apiUrl, rootUrl } from "../core/apis/url.ts";
export type { Message } from "../core/prompts/message.ts";
// A row → the run's system prompt and the row's prompt.
export { toMessages } from "../core/prompts/messages.ts";
// The row of an iteration; the same seed picks the same one.
export { pickRow } from "../core/prompts/pick-row.ts";
// A prompt, with an id.
export type { Row, Turn } from "../core/prompts/row.ts";
// What happened in a request, and when; nothing derived.
export type { Facts } from "../core/request/facts.ts";
// Facts → TTFT, TPOT and the others.
export { type RequestMetrics, toRequestMetrics } from "../core/request/request-metrics.ts";
// Facts → what became of the request, in one word.
export { toVerdict, type Verdict } from "../core/request/verdict.ts";
// Metrics of a request → k6: `createAddMetrics(samples, load)`, then one call a request.
export { type AddMetrics, createAddMetrics } from "./metrics.ts";
// Sends a request and reads its stream → facts. Adds no metrics but k6's own and the gaps between tokens.
export { type Streamed, stream } from "./request/stream.ts";

// Besides

// Random numbers that a seed repeats.
export { createRandom, type Random } from "../core/prompts/random.ts";
// The table of the metrics, for thresholds of your own: `METRICS.ttft.k6Name`.
export { METRICS, type Metric } from "../core/request/metrics.ts";
