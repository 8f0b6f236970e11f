// What k6 counts is what the journal says, recomputed here by plain arithmetic, and what the server counted.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Statistics } from "../../bench-runner/statistics/statistics.ts";
import { summarize } from "../../bench-runner/summary/summarize.ts";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { K6_METRICS } from "../../lib/core/request/k6-metrics.ts";
import type { BehaviourSource } from "../fake/behaviour.ts";
import { iterations, runLoad } from "../fake/fake-load.ts";
import { namedBehaviours } from "../fake/named-behaviours.ts";
import { classicScript, type K6Run, type K6RunOptions, makeFolder } from "../run/k6-run.ts";
import { type K6Text, readK6Text, withoutSummary } from "../run/k6-text.ts";
import { config, outcome } from "../unit-support/examples/example-journal.ts";

it("k6's figures are those of the journal", async () => {
  const behaviour = {
    headersDelayMs: 20,
    firstTokenDelayMs: 30,
    tokenDelayMs: 5,
    cachedTokens: 3,
    reasoningTokens: 4,
  };
  const { run, server } = await runLoad(behaviour, { args: iterations(40, 4) });
  expect(run.exitCode).toBe(0);
  const metrics = run.summary?.metrics ?? {};
  const field = (line: RequestLine, name: string): number => line.fields[name] as number;
  const seconds = (from: number | undefined, to: number | undefined): number =>
    ((to as number) - (from as number)) / 1000;
  const expected: Record<string, number[]> = {
    llamacpp_ttft: run.requests.map((line) => 1000 * seconds(line.sentMs, line.firstTokenMs)),
    llamacpp_emit_first_token_second: run.requests.map((line) => seconds(line.sentMs, line.firstTokenMs)),
    llamacpp_ttfo: run.requests.map((line) => 1000 * seconds(line.sentMs, line.firstContentMs)),
    llamacpp_headers: run.requests.map((line) => 1000 * seconds(line.sentMs, line.headersMs)),
    llamacpp_ttft_with_connect: run.requests.map((line) => 1000 * seconds(line.startMs, line.firstTokenMs)),
    llamacpp_e2e: run.requests.map((line) => 1000 * seconds(line.sentMs, line.endMs)),
    llamacpp_tpot: run.requests.map((line) => (1000 * seconds(line.firstTokenMs, line.lastTokenMs)) / 19),
    llamacpp_itl: run.requests.flatMap(({ gapsUs = [] }) => gapsUs.map((gap) => gap / 1000)),
    llamacpp_prompt_tokens: run.requests.map((line) => field(line, "promptTokens")),
    llamacpp_completion_tokens: run.requests.map((line) => field(line, "completionTokens")),
    llamacpp_cached_tokens: run.requests.map((line) => field(line, "cachedTokens")),
    llamacpp_tokens_second: run.requests.map(
      (line) =>
        (field(line, "promptTokens") + field(line, "completionTokens")) / seconds(line.sentMs, line.endMs),
    ),
    llamacpp_generation_tokens_second: run.requests.map(
      (line) => field(line, "completionTokens") / seconds(line.sentMs, line.endMs),
    ),
    llamacpp_prompt_processing_second: run.requests.map(
      (line) => field(line, "promptTokens") / seconds(line.sentMs, line.firstTokenMs),
    ),
  };
  for (const [name, values] of Object.entries(expected)) {
    expectSame(name, metrics[name]?.values ?? {}, values);
  }
  const { promptTokens, cachedTokens, predictedTokens } = server.counters;
  expect(metrics.llamacpp_prompt_tokens_total_counter?.values.count).toBe(promptTokens + cachedTokens);
  expect(metrics.llamacpp_completion_tokens_total_counter?.values.count).toBe(predictedTokens);
  expect(predictedTokens).toBe(40 * 20);
  expect(metrics.llamacpp_itl?.values.count).toBe(40 * 19);
  expect(metrics.llamacpp_completions_stop_rate?.values).toMatchObject({ passes: 40, fails: 0 });
  expect(metrics.llamacpp_completions_truncated_rate?.values).toMatchObject({ passes: 0, fails: 40 });
  expect(metrics.http_reqs?.values.count).toBe(40);
});

/** k6's statistics of a Trend, computed from the values; both within the journal's microsecond. */
function expectSame(name: string, actual: Record<string, number>, values: number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (p: number): number => {
    const place = p * (sorted.length - 1);
    const below = sorted[Math.floor(place)] as number;
    return below + ((sorted[Math.ceil(place)] as number) - below) * (place - Math.floor(place));
  };
  const expected: Record<string, number> = {
    count: values.length,
    avg: values.reduce((sum, value) => sum + value, 0) / values.length,
    min: quantile(0),
    med: quantile(0.5),
    max: quantile(1),
    "p(90)": quantile(0.9),
    "p(95)": quantile(0.95),
    "p(99)": quantile(0.99),
  };
  for (const [statistic, value] of Object.entries(expected)) {
    const off = Math.abs((actual[statistic] ?? Number.NaN) - value);
    const digit = name.endsWith("first_token_second") ? 1.1e-6 : 0.0011;
    expect(off, `${name} ${statistic}: k6 ${actual[statistic]}, journal ${value}`).toBeLessThanOrEqual(
      digit + 1e-4 * value,
    );
  }
}

describe("what k6 prints of a run is what our summary says, to the digit:", () => {
  const quick = {
    headersDelayMs: 5,
    firstTokenDelayMs: 20,
    tokenDelayMs: 4,
    cachedTokens: 3,
    reasoningTokens: 2,
  };
  const bundle = (name: string) => new URL(`../../dist/${name}.js`, import.meta.url).pathname;
  const stuck = 4;
  // How many depends on which requests meet a kept connection that was cut.
  const some = expect.any(Number) as number;
  const cases: [string, BehaviourSource, K6RunOptions, Summary["requests"]["byVerdict"]][] = [
    [
      "a closed loop",
      quick,
      {
        script: withoutSummary(bundle("closed")),
        env: { SERVER_BENCH_VUS: "4", SERVER_BENCH_ITERATIONS: "80" },
      },
      { complete: 80 },
    ],
    [
      "an open loop",
      quick,
      {
        script: withoutSummary(bundle("open")),
        env: { SERVER_BENCH_RATE: "40", SERVER_BENCH_DURATION: "2" },
      },
      { complete: 80 },
    ],
    [
      "every fault between good answers",
      namedBehaviours["every-fault"] as BehaviourSource,
      { script: withoutSummary(classicScript), args: iterations(68, 4) },
      { complete: some, cut: some, http_error: some, empty: some, error_in_band: some },
    ],
    [
      "requests that the end of the run interrupts",
      (index) => (index < 60 ? quick : { ...quick, fault: { kind: "stall", afterTokens: 5 } }),
      {
        script: withoutSummary(classicScript, {
          executor: "constant-vus",
          vus: stuck,
          duration: "4s",
          gracefulStop: "0s",
        }),
      },
      { complete: 60, interrupted: stuck },
    ],
  ];
  it.each(cases)("%s", async (_, behaviour, options, byVerdict) => {
    const { run } = await runLoad(behaviour, options);
    const summary = await toSummary(run);
    expect(summary.requests.byVerdict).toMatchObject(byVerdict);
    const text = readK6Text(run.output);
    expect(compareWithText(summary, text)).toEqual([]);
    // One digit more or less is seen.
    (summary.metrics.e2e as Statistics).p95 += 0.02;
    expect(compareWithText(summary, text)).toEqual([expect.stringMatching(/^llamacpp_e2e p\(95\): /)]);
  });
});

async function toSummary({ lines }: K6Run): Promise<Summary> {
  const records = join(makeFolder(), "records.jsonl");
  writeFileSync(records, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return await summarize({ records, config, outcome });
}

/** One line for each number that k6 printed otherwise. */
function compareWithText(summary: Summary, text: K6Text): string[] {
  const trends = K6_METRICS.filter(({ type }) => type === "trend");
  return trends.flatMap(({ key, k6Name, isAlias, factor }) => {
    const ours = summary.metrics[isAlias ? "ttft" : (key as keyof Summary["metrics"])];
    const theirs = text.get(k6Name);
    if (ours === undefined || theirs === undefined) {
      return ours?.count === theirs?.get("count") ? [] : [`${k6Name}: only one of the two has it`];
    }
    return Object.entries(K6_STATISTICS).flatMap(([name, statistic]) => {
      const value = ours[statistic] as number;
      const scaled = statistic === "count" ? value : value * factor;
      const printed = theirs.get(name);
      // Percentiles of token gaps are a histogram's; all else is the same except for the order of additions.
      const isRounded = key === "itl" && /^p\d+|median$/.test(statistic);
      const off = (isRounded ? 1e-3 : 1e-9) * scaled + 1e-6;
      return printed !== undefined && scaled >= printed.least - off && scaled < printed.most + off
        ? []
        : [`${k6Name} ${name}: we say ${scaled}, k6 from ${printed?.least} to ${printed?.most}`];
    });
  });
}

const K6_STATISTICS: Record<string, Exclude<keyof Statistics, "certified">> = {
  count: "count",
  avg: "mean",
  min: "min",
  med: "median",
  max: "max",
  "p(90)": "p90",
  "p(95)": "p95",
  "p(99)": "p99",
};
