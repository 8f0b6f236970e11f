// What each load option means, one sentence each: for --help, the README's table and schemas. Not in scenario bundles.
import type { LOAD_OPTIONS } from "./options.ts";

export const LOAD_OPTION_DOCS = {
  url: "URL prefix of the server's API, with or without `/v1`",
  apiKey: "key sent as `Authorization: Bearer …`; only by variable, so that no process list shows it",
  modelAlias: "model name sent with each request",
  dataset:
    "prompts: a file in any format that `--dataset-format` names; default: the 400 prompts that come with the project",
  datasetFormat: "format of the dataset, read by the runner; default: recognised by itself",
  datasetColumn:
    "which column of a CSV, or key of JSON rows, has the prompts; default in a CSV: `prompt`, `question`, `text`, `instruction` or `input`",
  allowPartial: "use the whole rows of a dataset that is cut off, instead of refusing it",
  nPrompts: "how many prompts to take from those that pass the filter",
  order: "how to take them: at random by the seed, or the first ones",
  seed: "picks the prompts, and is sent to the server as its sampling seed",
  maxPromptTokens: "leave out prompts with more whitespace words than this",
  maxContext: "leave out rows whose prompt and answer together have more whitespace words than this",
  promptType: "only prompts of a length: `short` up to 25 whitespace words, `medium` 26 to 120, `long` above",
  maxTokens: "`max_tokens` of each request: the longest answer, in tokens",
  systemPrompt: "system message before each prompt; empty for none",
  temperature: "sampling temperature; the server's own default when not given",
  stop: "stop words",
  sleep: "pause of a client between two of its requests",
  truncatedLimit:
    "the run fails when this share of completions, or more, ended by `max_tokens`; 1 for no limit",
  connectTimeout: "longest wait for a connection (DNS, TCP, TLS)",
  headersTimeout: "longest wait for response headers, from the request's first byte",
  firstTokenTimeout: "longest wait for the first token, from the request's first byte",
  idleTimeout: "longest silence between two reads of a running stream",
  totalTimeout: "longest life of a request",
  abortShare:
    "share of the requests that hang up before their end, as users who leave do; chosen by the seed",
  abortAfterMs: "when they hang up: so many milliseconds after the request was sent",
  abortAfterTokens: "when they hang up: after so many token events",
  itlSamples:
    "gaps between tokens as samples of k6's `llamacpp_itl`, 8 bytes each to the end of the run; `auto`: not above 5 million expected tokens. The summary's ITL comes from the journal anyway",
  warmConnections:
    "each client opens its connection before the load begins, by a GET of the server's `/health`, and waits for the others",
} as const satisfies Record<keyof typeof LOAD_OPTIONS, string>;
