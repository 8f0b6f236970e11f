// One vocabulary for all servers: what each of a server's own series means. Another server is one more table.
//
// llama-server: its own HELP texts and counts (test/fixtures/metrics/llama-server.txt; checked against usage by test/e2e/llama-server.e2e.ts).
// vLLM: https://docs.vllm.ai/en/stable/usage/metrics/ and vllm/v1/metrics/{loggers,stats}.py of vllm-project/vllm.
// SGLang: https://docs.sglang.io/docs/references/production_metrics and python/sglang/srt/metrics/collector.py of
// sgl-project/sglang.

/**
 * What a figure is. Counters: `allPromptTokens` (cached ones among them), `promptTokens` (worked through, cached ones
 * not among them), `cachedPromptTokens`, `cacheQueries` and `cacheHits` (prompt tokens looked up and found in the prefix
 * cache), `generatedTokens`, `decodes` (calls of the model), `draftTokens` and `acceptedDraftTokens` (speculative
 * decoding). Gauges: `requestsProcessing` (running), `requestsDeferred` (waiting), `cacheUsage` (share of the KV cache
 * in use), and `busySlotsPerDecode`, the mean over all decodes since the server's start.
 */
export type ServerMeaning =
  | "allPromptTokens"
  | "promptTokens"
  | "cachedPromptTokens"
  | "cacheQueries"
  | "cacheHits"
  | "generatedTokens"
  | "decodes"
  | "busySlotsPerDecode"
  | "requestsProcessing"
  | "requestsDeferred"
  | "cacheUsage"
  | "draftTokens"
  | "acceptedDraftTokens";

export type ServerKind = "llama-server" | "vLLM" | "SGLang";

export interface Vocabulary {
  kind: ServerKind;
  /** What its names begin with. */
  prefixes: readonly [string, ...string[]];
  /** Names without the prefix; of several the first that is there, newer ones before older. */
  names: { readonly [M in ServerMeaning]?: readonly [string, ...string[]] };
  /** How often it counts a prompt that has several answers (`n`); absent: once. */
  timesOfPrompt?: (choices: number) => number;
  /** A counter has no sample until something is counted: while the others are there, it is at 0. */
  isBornLate: boolean;
  /** Labels of processes that each report the same figure of one engine: one of them counts. */
  ranks: readonly string[];
  /** A sample with a value of these labels is a part of one without. */
  partsBy: readonly string[];
}

export const VOCABULARIES: readonly Vocabulary[] = [
  {
    kind: "llama-server",
    prefixes: ["llamacpp:"],
    names: {
      promptTokens: ["prompt_tokens_total"],
      cachedPromptTokens: ["prompt_tokens_cached_total"],
      generatedTokens: ["tokens_predicted_total"],
      decodes: ["n_decode_total"],
      busySlotsPerDecode: ["n_busy_slots_per_decode"],
      requestsProcessing: ["requests_processing"],
      requestsDeferred: ["requests_deferred"],
      // Older builds only.
      cacheUsage: ["kv_cache_usage_ratio"],
      draftTokens: ["spec_decode_num_draft_tokens_total"],
      acceptedDraftTokens: ["spec_decode_num_accepted_tokens_total"],
    },
    isBornLate: false,
    ranks: [],
    partsBy: [],
  },
  {
    kind: "vLLM",
    prefixes: ["vllm:"],
    names: {
      // Grows by the whole prompt when a request's first token comes.
      allPromptTokens: ["prompt_tokens_total"],
      // The gpu_prefix_cache_* of before 0.10 are left out: they counted blocks at first, tokens later.
      cachedPromptTokens: ["prompt_tokens_cached_total", "prefix_cache_hits_total"],
      cacheQueries: ["prefix_cache_queries_total"],
      cacheHits: ["prefix_cache_hits_total"],
      generatedTokens: ["generation_tokens_total"],
      requestsProcessing: ["num_requests_running"],
      requestsDeferred: ["num_requests_waiting"],
      cacheUsage: ["kv_cache_usage_perc", "gpu_cache_usage_perc"],
      draftTokens: ["spec_decode_num_draft_tokens_total"],
      acceptedDraftTokens: ["spec_decode_num_accepted_tokens_total"],
    },
    timesOfPrompt: (choices) => choices,
    isBornLate: false,
    ranks: [],
    partsBy: [],
  },
  {
    kind: "SGLang",
    // Some versions write an underscore.
    prefixes: ["sglang:", "sglang_"],
    names: {
      // These three grow when a request ends. Its cache_hit_rate is of the last batch, and so no figure of a window.
      allPromptTokens: ["prompt_tokens_total"],
      cachedPromptTokens: ["cached_tokens_total"],
      generatedTokens: ["generation_tokens_total"],
      requestsProcessing: ["num_running_reqs"],
      requestsDeferred: ["num_queue_reqs"],
      cacheUsage: ["token_usage"],
    },
    // It first computes the prompt alone, so that the answers find it in the cache.
    timesOfPrompt: (choices) => (choices > 1 ? choices + 1 : 1),
    isBornLate: true,
    ranks: ["tp_rank", "pp_rank", "moe_ep_rank"],
    partsBy: ["priority"],
  },
];

/** By the first name that begins as a known server's do; undefined where none does. */
export function recogniseServer(names: Iterable<string>): Vocabulary | undefined {
  for (const name of names) {
    const found = VOCABULARIES.find(({ prefixes }) => prefixes.some((prefix) => name.startsWith(prefix)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** For people who look for it: "`llamacpp:prompt_tokens_total`"; of every server where the kind is unknown. */
export function namesOf(meaning: ServerMeaning, kind?: ServerKind): string {
  const among = kind === undefined ? VOCABULARIES : VOCABULARIES.filter((server) => server.kind === kind);
  return among
    .flatMap(({ prefixes, names }) => names[meaning]?.map((name) => `\`${prefixes[0]}${name}\``) ?? [])
    .join(" or ");
}
