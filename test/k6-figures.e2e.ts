// What k6 counts is what the journal says, recomputed here by plain arithmetic, and what the server counted.
import { expect, it } from "vitest";
import type { RequestLine } from "../lib/core/facts.ts";
import { iterations, runLoad } from "./fake-load.ts";

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
