import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseMetrics } from "../../servers/metrics/server-metrics.ts";
import type { ServerUse } from "../summary.ts";
import { readServerSamples } from "./server-samples.ts";
import { toServerUse } from "./server-use.ts";

const folder = mkdtempSync(join(tmpdir(), "server-kinds-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The server's part of a summary for texts that were scraped a second before, in, and a second after a window of 2 s. */
function useOf(...texts: [string, string, string]): ServerUse {
  const path = join(folder, "server.jsonl");
  const lines = texts.map((text, index) =>
    JSON.stringify({
      type: "metrics",
      atUnixMs: index * 2000,
      values: Object.fromEntries(parseMetrics(text)),
    }),
  );
  writeFileSync(path, lines.join("\n"));
  const span = { fromMs: 1000, toMs: 3000 };
  return toServerUse(readServerSamples(path), { window: span, load: span });
}

describe("ServerUse", () => {
  test("reads llama-server's metrics", () => {
    const text = (prompt: number, cached: number, generated: number, busy: number) =>
      `llamacpp:prompt_tokens_total ${prompt}\nllamacpp:prompt_tokens_cached_total ${cached}\n` +
      `llamacpp:tokens_predicted_total ${generated}\nllamacpp:requests_processing ${busy}\n`;
    expect(useOf(text(10, 0, 5, 0), text(60, 20, 45, 2), text(130, 40, 105, 0))).toMatchObject({
      kind: "llama-server",
      promptTokensPerSecond: 60,
      generatedTokensPerSecond: 50,
      cachedPromptTokensShare: 0.25,
      requestsProcessing: { mean: 2, max: 2 },
    });
  });

  test("adds up two vLLM engines, and processed prompt tokens are those that its cache did not have", () => {
    const text = (prompt: number, hits: number, generated: number, usage: number) =>
      [0, 1]
        .flatMap((engine) => [
          `vllm:prompt_tokens_total{engine="${engine}",model_name="m"} ${prompt}`,
          `vllm:prefix_cache_queries_total{engine="${engine}",model_name="m"} ${prompt}`,
          `vllm:prefix_cache_hits_total{engine="${engine}",model_name="m"} ${hits}`,
          `vllm:generation_tokens_total{engine="${engine}",model_name="m"} ${generated}`,
          `vllm:num_requests_running{engine="${engine}",model_name="m"} 3`,
          `vllm:num_requests_waiting{engine="${engine}",model_name="m"} ${engine}`,
          `vllm:kv_cache_usage_perc{engine="${engine}",model_name="m"} ${usage + engine / 10}`,
        ])
        .join("\n");
    const use = useOf(text(100, 0, 10, 0), text(150, 30, 40, 0.5), text(300, 80, 110, 0));
    // 200 prompt tokens of each engine, 80 of them cached; 100 generated, in 2 s
    expect(use).toMatchObject({
      kind: "vLLM",
      promptTokensPerSecond: 120,
      generatedTokensPerSecond: 100,
      cachedPromptTokensShare: 0.4,
      requestsProcessing: { mean: 6, max: 6 },
      requestsDeferred: { mean: 1, max: 1 },
      cacheUsage: { mean: 0.55, max: 0.55 },
    });
    expect(use.absent).toContainEqual({ what: "busySlotsPerDecode", reason: "vLLM does not report it" });
  });

  test("reads SGLang's metrics, whose counters appear with its first answers", () => {
    const gauges = 'sglang:num_running_reqs{tp_rank="0"} 4\nsglang:num_queue_reqs{tp_rank="0"} 1\n';
    const counters = (prompt: number, cached: number, generated: number) =>
      `sglang:prompt_tokens_total ${prompt}\nsglang:cached_tokens_total ${cached}\n` +
      `sglang:generation_tokens_total ${generated}\nsglang:token_usage 0.25\n`;
    expect(useOf(gauges, gauges + counters(100, 20, 40), gauges + counters(200, 50, 80))).toMatchObject({
      kind: "SGLang",
      promptTokensPerSecond: 75,
      generatedTokensPerSecond: 40,
      cachedPromptTokensShare: 0.25,
      requestsProcessing: { mean: 4, max: 4 },
      requestsDeferred: { mean: 1, max: 1 },
      cacheUsage: { mean: 0.25, max: 0.25 },
    });
  });

  test("reads the rest of SGLang's metrics without a counter of cached tokens, and gives the reason", () => {
    const text = (prompt: number) =>
      `sglang:prompt_tokens_total ${prompt}\nsglang:generation_tokens_total ${prompt}\n`;
    const use = useOf(text(1), text(2), text(11));
    expect(use).toMatchObject({ generatedTokensPerSecond: 5 });
    expect(use.promptTokensPerSecond).toBeUndefined();
    expect(use.absent).toContainEqual({
      what: "promptTokensPerSecond",
      reason: "the server's /metrics has no `sglang:cached_tokens_total`",
    });
  });

  test("tokens found in the cache before their prompt is counted cause neither a restart nor a negative rate", () => {
    const text = (prompt: number, hits: number) =>
      `vllm:prompt_tokens_total ${prompt}\nvllm:prefix_cache_hits_total ${hits}\nvllm:prefix_cache_queries_total ${hits * 2}\n`;
    expect(useOf(text(100, 0), text(100, 64), text(100, 64))).toMatchObject({
      promptTokensPerSecond: 0,
      cachedPromptTokensShare: 0.5,
    });
  });
});
