// The counters behind the fake's /metrics: the names of llama-server, moved when a request ends, as there.

export interface Counters {
  promptTokens: number;
  cachedTokens: number;
  promptSeconds: number;
  predictedTokens: number;
  predictedSeconds: number;
  decodes: number;
  maxTokens: number;
  processing: number;
  deferred: number;
}

export function emptyCounters(): Counters {
  return {
    promptTokens: 0,
    cachedTokens: 0,
    promptSeconds: 0,
    predictedTokens: 0,
    predictedSeconds: 0,
    decodes: 0,
    maxTokens: 0,
    processing: 0,
    deferred: 0,
  };
}

/** @returns the counters in the Prometheus text format. */
export function toMetricsText(counters: Counters): string {
  const rows: [name: string, type: "counter" | "gauge", help: string, value: number][] = [
    ["prompt_tokens_total", "counter", "Number of prompt tokens processed.", counters.promptTokens],
    [
      "prompt_tokens_cached_total",
      "counter",
      "Number of prompt tokens reused from the cache.",
      counters.cachedTokens,
    ],
    ["prompt_seconds_total", "counter", "Prompt process time.", counters.promptSeconds],
    ["tokens_predicted_total", "counter", "Number of generation tokens processed.", counters.predictedTokens],
    ["tokens_predicted_seconds_total", "counter", "Predict process time.", counters.predictedSeconds],
    ["n_decode_total", "counter", "Total number of decode calls.", counters.decodes],
    ["n_tokens_max", "counter", "Largest observed number of tokens.", counters.maxTokens],
    [
      "n_busy_slots_per_decode",
      "counter",
      "Average number of busy slots a decode call.",
      counters.decodes > 0 ? 1 : 0,
    ],
    ["spec_decode_num_draft_tokens_total", "counter", "Number of draft tokens.", 0],
    ["spec_decode_num_accepted_tokens_total", "counter", "Number of accepted draft tokens.", 0],
    ["spec_decode_num_drafts_total", "counter", "Number of drafts.", 0],
    [
      "prompt_tokens_seconds",
      "gauge",
      "Average prompt throughput.",
      rate(counters.promptTokens, counters.promptSeconds),
    ],
    [
      "predicted_tokens_seconds",
      "gauge",
      "Average generation throughput.",
      rate(counters.predictedTokens, counters.predictedSeconds),
    ],
    ["requests_processing", "gauge", "Number of requests processing.", counters.processing],
    ["requests_deferred", "gauge", "Number of requests deferred.", counters.deferred],
  ];
  return rows
    .map(
      ([name, type, help, value]) =>
        `# HELP llamacpp:${name} ${help}\n# TYPE llamacpp:${name} ${type}\nllamacpp:${name} ${value}\n`,
    )
    .join("");
}

function rate(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}
