import { describe, expect, test } from "vitest";
import { exampleSummary } from "../../test/unit-support/examples/example-summary.ts";
import { toBenchVariables } from "./bench-results.ts";

const around = (mean: number, p95: number) => ({
  count: 9,
  min: 1,
  mean,
  max: 2 * p95,
  median: mean,
  p90: p95,
  p95,
  p99: p95,
});
const summary = exampleSummary();
const { configuration, run } = summary;

describe("bench.py's variables", () => {
  test("BENCH_RESULTS has its keys, with two decimals", () => {
    const metrics = {
      e2e: around(1234.567, 2000.004),
      promptTokensPerSecond: around(300.1, 400),
      tokensPerSecond: around(20.126, 30),
    };
    const variables = new Map(toBenchVariables({ ...summary, metrics }));
    expect(JSON.parse(variables.get("BENCH_RESULTS") ?? "")).toEqual({
      i: 97,
      req: { p95: 2000, avg: 1234.57 },
      pp: { p95: 400, avg: 300.1, "0": 100.5 },
      tg: { p95: 30, avg: 20.13, "0": 80.25 },
    });
    expect(variables.get("BENCH_ITERATIONS")).toBe("97");
  });

  test("an unknown value is absent, not 0", () => {
    const server = { absent: [{ what: "all", reason: "it has none" }] };
    const variables = new Map(toBenchVariables({ ...summary, server, metrics: { e2e: around(10, 20) } }));
    expect(variables.get("BENCH_RESULTS")).toBe('{"i":97,"req":{"p95":20,"avg":10}}');
  });

  test("every number of k6's summary has bench.py's name", () => {
    const variables = toBenchVariables(summary, {
      metrics: {
        http_req_duration: { type: "trend", values: { avg: 1.234, "p(95)": 2 } },
        http_req_failed: { type: "rate", values: { rate: 0.25, passes: 1, fails: 3 } },
        llamacpp_prompt_tokens_total_counter: { type: "counter", values: { count: 9, rate: 4.5 } },
        "llamacpp_ttft{phase:measure}": { type: "trend", values: { med: Number.NaN, avg: 3 } },
      },
    });
    expect(variables.slice(0, -4).map(([name, value]) => `${name}=${value}`)).toEqual([
      "HTTP_REQ_DURATION_AVG=1.23",
      "HTTP_REQ_DURATION_P_95_=2",
      "HTTP_REQ_FAILED_VALUE=0.25",
      "HTTP_REQ_FAILED_PASSES=1",
      "HTTP_REQ_FAILED_FAILS=3",
      "LLAMACPP_PROMPT_TOKENS_TOTAL_COUNTER_COUNT=9",
      "LLAMACPP_PROMPT_TOKENS_TOTAL_COUNTER_RATE=4.5",
      "LLAMACPP_TTFT_PHASE_MEASURE__AVG=3",
    ]);
  });

  test("the titles are one line each, so that a name cannot set another variable", () => {
    const variables = new Map(
      toBenchVariables({
        ...summary,
        run: { ...run, name: "a\nPATH=/tmp", runnerLabel: "T4", branch: "main" },
        configuration: {
          ...configuration,
          values: { hfRepo: "ggml-org/models", hfFile: "a.gguf", parallel: 8, ctxSize: 4096 },
        },
      }),
    );
    expect(variables.get("BENCH_GRAPH_TITLE")).toBe(
      "llama.cpp a PATH=/tmp on T4 duration=600s 97 iterations",
    );
    expect(variables.get("BENCH_GRAPH_XLABEL")).toBe(
      "ggml-org/models/a.gguf parallel=8 ctx-size=4096 branch=main commit=abc1234",
    );
  });
});
