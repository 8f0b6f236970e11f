// What a server's /metrics names mean: one row a name. Another engine is more rows with the same meanings.

/**
 * What a figure is. Counters grow from the server's start on: `promptTokens` (worked through; cached ones are not in it),
 * `cachedPromptTokens`, `generatedTokens` (grows when a request ends), `decodes` (calls of the model),
 * `draftTokens` and `acceptedDraftTokens` (speculative decoding). Gauges: `requestsProcessing`, `requestsDeferred`
 * (waiting for a slot), and `busySlotsPerDecode`, the mean over all decodes since the server's start.
 */
export type ServerMeaning =
  | "promptTokens"
  | "cachedPromptTokens"
  | "generatedTokens"
  | "decodes"
  | "busySlotsPerDecode"
  | "requestsProcessing"
  | "requestsDeferred"
  | "draftTokens"
  | "acceptedDraftTokens";

export const SERVER_METRIC_NAMES: Readonly<Record<string, ServerMeaning>> = {
  // llama.cpp
  "llamacpp:prompt_tokens_total": "promptTokens",
  "llamacpp:prompt_tokens_cached_total": "cachedPromptTokens",
  "llamacpp:tokens_predicted_total": "generatedTokens",
  "llamacpp:n_decode_total": "decodes",
  "llamacpp:n_busy_slots_per_decode": "busySlotsPerDecode",
  "llamacpp:requests_processing": "requestsProcessing",
  "llamacpp:requests_deferred": "requestsDeferred",
  "llamacpp:spec_decode_num_draft_tokens_total": "draftTokens",
  "llamacpp:spec_decode_num_accepted_tokens_total": "acceptedDraftTokens",
};

/** Figures of one scrape by their meaning; one that the server does not have is absent. */
export type ServerValues = { [M in ServerMeaning]?: number };

/** @param values by name, or `name{label="value"}`: the label sets of one name are added up */
export function toServerValues(values: Iterable<readonly [string, number]>): ServerValues {
  const found: ServerValues = {};
  for (const [key, value] of values) {
    const brace = key.indexOf("{");
    const meaning = SERVER_METRIC_NAMES[brace < 0 ? key : key.slice(0, brace)];
    if (meaning !== undefined) found[meaning] = (found[meaning] ?? 0) + value;
  }
  return found;
}

/** For a reader who looks for it: "`llamacpp:prompt_tokens_total`". */
export function namesOf(meaning: ServerMeaning): string {
  return Object.entries(SERVER_METRIC_NAMES)
    .filter(([, is]) => is === meaning)
    .map(([name]) => `\`${name}\``)
    .join(" or ");
}
