import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toServerKind, toServerValues, withLateCounters } from "./server-metric-names.ts";
import { parseMetrics } from "./server-metrics.ts";
import { namesOf } from "./server-vocabulary.ts";

const read = (name: string) =>
  parseMetrics(readFileSync(new URL(`../../../test/fixtures/metrics/${name}.txt`, import.meta.url), "utf8"));
const valuesOf = (text: string) => toServerValues(parseMetrics(text));

describe("captured texts in the common vocabulary", () => {
  test.each([
    [
      "llama-server",
      "llama-server",
      {
        // Two requests of 34 prompt and 12 generated tokens: 68 = 35 + 33, 24.
        promptTokens: 35,
        cachedPromptTokens: 33,
        generatedTokens: 24,
        decodes: 24,
        busySlotsPerDecode: 1,
        requestsProcessing: 0,
        requestsDeferred: 0,
        draftTokens: 0,
        acceptedDraftTokens: 0,
      },
    ],
    [
      "vllm",
      "vLLM",
      {
        allPromptTokens: 80,
        generatedTokens: 500,
        cacheQueries: 80,
        requestsProcessing: 0,
        requestsDeferred: 0,
        cacheUsage: 0,
      },
    ],
    ["vllm-0.10", "vLLM", { cacheQueries: 32, cacheUsage: 9.75010481363281e-6 }],
    [
      "sglang",
      "SGLang",
      {
        allPromptTokens: 8_128_902,
        generatedTokens: 7_557_572,
        requestsProcessing: 162,
        requestsDeferred: 2826,
        cacheUsage: 0.28,
      },
    ],
  ])("%s", (file, kind, values) => {
    expect(toServerKind(read(file).keys())).toBe(kind);
    expect(toServerValues(read(file))).toEqual(values);
  });

  test("an unknown server has no figures", () => {
    expect(toServerKind(read("exposition-format").keys())).toBeUndefined();
    expect(toServerValues(read("exposition-format"))).toEqual({});
  });
});

describe("several series of a name", () => {
  test("counts of vLLM's engines are added up, of their cache usage it is the mean", () => {
    const values = valuesOf(
      [
        'vllm:num_requests_running{engine="0",model_name="m"} 3',
        'vllm:num_requests_running{engine="1",model_name="m"} 5',
        'vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.2',
        'vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.6',
      ].join("\n"),
    );
    expect(values).toEqual({ requestsProcessing: 8, cacheUsage: 0.4 });
  });

  test("the newer of two names counts, not both", () => {
    const values = valuesOf(
      "vllm:gpu_cache_usage_perc 0.5\nvllm:kv_cache_usage_perc 0.25\nvllm:prompt_tokens_total 100\n" +
        "vllm:prefix_cache_hits_total 48\nvllm:prompt_tokens_cached_total 40\n",
    );
    expect(values).toMatchObject({
      cacheUsage: 0.25,
      cachedPromptTokens: 40,
      promptTokens: 60,
      cacheHits: 48,
    });
    expect(valuesOf("vllm:gpu_cache_usage_perc 0.5\n")).toEqual({ cacheUsage: 0.5 });
  });

  test("ranks of one SGLang engine report the same; data-parallel engines do not", () => {
    const line = (dp: number, tp: number, value: number) =>
      `sglang:num_running_reqs{dp_rank="${dp}",pp_rank="0",tp_rank="${tp}"} ${value}\n`;
    expect(valuesOf(line(0, 0, 4) + line(0, 1, 4) + line(1, 2, 3) + line(1, 3, 3))).toEqual({
      requestsProcessing: 7,
    });
  });

  test("SGLang's parts by priority are not added to their sum", () => {
    const line = (priority: string, value: number) =>
      `sglang:num_queue_reqs{priority="${priority}",tp_rank="0"} ${value}\n`;
    expect(valuesOf(line("", 14) + line("-1", 4) + line("0", 10))).toEqual({ requestsDeferred: 14 });
  });

  test("cached tokens of SGLang are those of all its caches", () => {
    const text =
      'sglang:cached_tokens_total{cache_source="device"} 30\nsglang:cached_tokens_total{cache_source="host"} 5\n';
    expect(valuesOf(`${text}sglang:prompt_tokens_total 100\n`)).toMatchObject({
      cachedPromptTokens: 35,
      promptTokens: 65,
    });
  });

  test("an underscore after SGLang's name is its colon", () => {
    expect(valuesOf('sglang_token_usage{model_name="m"} 0.5\n')).toEqual({ cacheUsage: 0.5 });
  });
});

describe("counters that appear with what they first count", () => {
  const scrapes = [
    { cacheUsage: 0 },
    { allPromptTokens: 10 },
    { allPromptTokens: 30, cachedPromptTokens: 20 },
  ];

  test("were 0 before, on SGLang", () => {
    expect(withLateCounters(scrapes, "SGLang")).toEqual([
      { cacheUsage: 0, allPromptTokens: 0, cachedPromptTokens: 0, promptTokens: 0 },
      { allPromptTokens: 10, cachedPromptTokens: 0, promptTokens: 10 },
      { allPromptTokens: 30, cachedPromptTokens: 20, promptTokens: 10 },
    ]);
  });

  test("are missing where they never appeared, and on a server that has all of them from its start", () => {
    expect(withLateCounters([{}, {}], "SGLang")).toEqual([{}, {}]);
    expect(withLateCounters(scrapes, "vLLM")).toEqual(scrapes);
  });

  test("were not 0 where they were there before: the server was restarted", () => {
    const restarted = [{ generatedTokens: 5 }, {}, { generatedTokens: 2 }];
    expect(withLateCounters(restarted, "SGLang")).toEqual(restarted);
  });
});

test("the reader sees the names of their server, or of all", () => {
  expect(namesOf("cacheUsage", "vLLM")).toBe("`vllm:kv_cache_usage_perc` or `vllm:gpu_cache_usage_perc`");
  expect(namesOf("decodes")).toBe("`llamacpp:n_decode_total`");
  expect(namesOf("decodes", "SGLang")).toBe("");
});
