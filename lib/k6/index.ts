// What your own scenarios import from "server-bench". Anything that is not exported here may change in any version.
/// <reference path="../../xk6-sse/index.d.ts" />
/// <reference path="./globals.d.ts" />

// Every scenario

// The checked options of a run.
export type { LoadOptions } from "../core/options/options.ts";
// Your own options, read from variables and checked; `node bench-runner scenarios my.ts` lists them.
export type { OwnOption } from "../core/options/own-option.ts";
export { defineOptions } from "./prepare/own-options.ts";
// `prepareScenario`: options (`load`), prompts (`rows`), k6 options of a run; call it once, at the top. Export `handleSummary`.
export { handleSummary, prepareScenario, type Scenario } from "./scenario.ts";

// Iterations and requests

// The plain iteration: the next prompt, then a pause. For your own rows: `createIteration({ ...scenario, rows })`.
export { createIteration } from "./iteration.ts";
// One request with your own prompt and tags, and the project's metrics; returns its facts, its metrics and, on request, its text.
export { createRequest, type Request } from "./request/request.ts";
export type { Answer } from "./request/send.ts";

// The parts of a request, for requests that `createRequest` cannot make

// How a stream is read: the third argument of `stream`.
export type { DialectName } from "../core/apis/apis.ts";
// Messages → the body of a completion request: `toBody(scenario.body, messages, load, row)`. For chat and completions
// only; `createRequest` supports every API.
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
// What happened in a request, and when; no derived values.
export type { Facts } from "../core/request/facts.ts";
// Facts → TTFT, TPOT and the others.
export { type RequestMetrics, toRequestMetrics } from "../core/request/request-metrics.ts";
// Facts → the outcome of the request, in one word.
export { toVerdict, type Verdict } from "../core/request/verdict.ts";
// Metrics of a request → k6: `createAddMetrics(samples, load)`, then one call per request.
export { type AddMetrics, createAddMetrics } from "./request/metrics.ts";
// Sends a request and reads its stream → facts. Adds only k6's own metrics and the gaps between tokens.
export { type Streamed, stream } from "./request/stream.ts";

// Other

// Random numbers from a seed.
export { createRandom, type Random } from "../core/prompts/random.ts";
// The table of metrics, for your own thresholds: `METRICS.ttft.k6Name`.
export { METRICS, type Metric } from "../core/request/metrics.ts";
