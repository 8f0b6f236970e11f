// What each load option means, one sentence each: for --help, the README's table and schemas. Not in scenario bundles.
import type { LOAD_OPTIONS } from "./options.ts";

export const LOAD_OPTION_DOCS = {
  url: "URL prefix of the server's API, with or without `/v1`",
  ab: "two servers at once, instead of `--url`: every prompt goes to both, in pairs; the summary has the paired differences",
  apiKey:
    "key, sent as `Authorization: Bearer …` or as the API wants it; by this variable or a file, so that no process list shows it",
  modelAlias: "model name sent with each request; default with `--url`: the one that the server lists",
  dataset:
    "prompts: a file in any format that `--dataset-format` names; default: the 400 prompts that come with the project",
  datasetFormat: "format of the dataset, read by the runner; default: recognised by itself",
  datasetColumn:
    "which column of a CSV, or key of JSON rows, has the prompts; default in a CSV: `prompt`, `question`, `text`, `instruction` or `input`",
  allowPartial: "use the whole rows of a dataset that is cut off, instead of refusing it",
  nPrompts: "how many prompts to take from those that pass the filter",
  order: "how to take them: at random by the seed, or the first ones in their order",
  whenOut:
    "what happens when every prompt was sent once: they are sent again, in a new order, or the run ends",
  mix: "one part of a mixed load, repeatable: `chat=3`, or `code=1:humaneval.jsonl` for prompts from a dataset of its own; so many of all requests, each tagged with its task",
  tokenizer:
    "what counts the tokens of prompts: a `tokenizer.json`, `server` (its `/tokenize`) or `words` (by white space); default: the server where it can, else words",
  seed: "picks the prompts, and is sent to the server as its sampling seed",
  maxPromptTokens:
    "leave out prompts with more tokens than this, by whitespace words and by whatever else counts them (`--tokenizer`)",
  maxContext:
    "leave out rows whose prompt and answer together, with what stands before them, have more tokens than this; a conversation ends before the turn that goes over it",
  promptType: "only prompts of a length: `short` up to 25 whitespace words, `medium` 26 to 120, `long` above",
  promptTokens:
    "prompts made up instead of a dataset's, so many tokens long: `512`, `uniform:100-900`, `normal:512,128` (mean, standard deviation), `lognormal:512,256`, `zipf:1.1,1-4096`, `exponential:300`, or `histogram:` with `128=5,256-512=1` (length or range = weight) or a CSV file of such rows",
  prefixTokens: "tokens at the beginning of each such prompt that a group of prompts has in common",
  prefixGroups: "how many groups there are, each with a prefix of its own",
  maxTurns: "turns of a conversation at most; above 1 a client holds one conversation at a time",
  history:
    "the answers that later turns of a conversation have before them: the server's own, or the dataset's",
  thinkTime:
    "seconds between an answer and the next turn: a number, or a distribution as of `--prompt-tokens`",
  endpoint: "the server's API; the section on server APIs says which server has which",
  mode: "streamed answers, or whole ones: then there is no time of a first token",
  outputTokens:
    "tokens of each answer: a number or a distribution as of `--prompt-tokens`, or `dataset` for the length of the dataset's own answer",
  outputLength:
    "whether an answer has exactly so many (`ignore_eos`, `min_tokens`, `max_tokens`), or at most (`max_tokens`)",
  maxTokens: "`max_tokens` of each request: the longest answer, in tokens",
  systemPrompt: "system message before each prompt; empty for none",
  systemPromptFile: "file with the system message, instead of `--system-prompt`",
  topP: "sampling: `top_p`",
  topK: "sampling: `top_k`",
  minP: "sampling: `min_p`",
  presencePenalty: "sampling: `presence_penalty`",
  frequencyPenalty: "sampling: `frequency_penalty`",
  responseFormat: '`response_format` of each request, as JSON: `{"type": "json_object"}`',
  tools: "`tools` of each request, as a JSON list",
  extraBody: "further fields of each request's body, as a JSON object",
  cachePrompt:
    "whether the server may take the beginning of a prompt from its cache (`cache_prompt`; off sends a `cache_salt` as well); default: the server's own",
  temperature: "sampling temperature; the server's own default when not given",
  stop: "stop words",
  sleep: "pause of a client between two of its requests",
  truncatedLimit:
    "the run fails when this share of completions, or more, ended by `max_tokens`; 1 for no limit",
  slo: "what a request must meet to count as good, repeatable: `ttft=500ms`, `ttfo=1s`, `tpot=50ms`, `e2e=10s`; in an open loop times count from the moment it was due",
  require:
    "what must hold of the measured requests, else the exit code is 99; repeatable: `ttft.p95 < 800ms`, `success >= 99%`, `goodput >= 95%`",
  abortOn:
    "ends the run where this holds, after its first 10 seconds; repeatable, written as for `--require`: `success < 90%`",
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
