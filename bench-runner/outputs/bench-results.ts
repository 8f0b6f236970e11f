// The variables that llama.cpp's bench.py writes to results.github.env, with the same names, from our facts. Pure.
//
// | variable | bench.py | here |
// |---|---|---|
// | METRIC_STATISTIC | every number of k6's summary, `[^A-Z0-9]` → `_`, two decimals: `HTTP_REQ_DURATION_P_95_` | the same, from k6-summary.json |
// | BENCH_RESULTS i | passes of the check `success completion` | complete requests that were measured |
// | … req avg, p95 | k6's http_req_duration, ms | E2E, ms: end of the stream − sent |
// | … pp avg, p95 | k6's llamacpp_prompt_processing_second | prompt tokens / TTFT, per request |
// | … pp 0 | mean of the gauge llamacpp:prompt_tokens_seconds over Prometheus' scrapes | growth of the server's prompt-token counter in the window, per second (each scrape resets the gauge, and it is per second of work, not of time) |
// | … tg avg, p95 | k6's llamacpp_tokens_second | total tokens / E2E, per request |
// | … tg 0 | mean of the gauge llamacpp:predicted_tokens_seconds | growth of the server's generated-token counter in the window, per second |
// | BENCH_ITERATIONS | same as i | same as i |
// | BENCH_GRAPH_TITLE, BENCH_GRAPH_XLABEL | name, runner, duration, model, settings | the same, without unknown values |
//
// Where bench.py writes 0 for an unknown value, the key is absent here.
import type { K6SummaryData } from "../../lib/core/goals/console-summary.ts";
import type { OptionValue } from "../../lib/core/options/option.ts";
import { toPlainLine } from "../platform/plain-text.ts";
import type { Statistics } from "../statistics/statistics.ts";
import type { Summary } from "../summary/summary.ts";

/** Names and values, in bench.py's order; each value is one line. */
export function toBenchVariables(summary: Summary, k6Summary?: K6SummaryData): [string, string][] {
  const iterations = summary.requests.byVerdict.complete ?? 0;
  const { metrics, server } = summary;
  const results = {
    i: iterations,
    ...toPart("req", metrics.e2e, undefined),
    ...toPart("pp", metrics.promptTokensPerSecond, server.promptTokensPerSecond),
    ...toPart("tg", metrics.tokensPerSecond, server.generatedTokensPerSecond),
  };
  return [
    ...toK6Variables(k6Summary),
    ["BENCH_RESULTS", JSON.stringify(results)],
    ["BENCH_ITERATIONS", String(iterations)],
    ["BENCH_GRAPH_TITLE", toTitle(summary, iterations)],
    ["BENCH_GRAPH_XLABEL", toLabel(summary)],
  ];
}

function toPart(name: string, statistics: Statistics | undefined, server: number | undefined): object {
  const part = {
    ...(statistics && { p95: round(statistics.p95), avg: round(statistics.mean) }),
    ...(server !== undefined && { "0": round(server) }),
  };
  return Object.keys(part).length === 0 ? {} : { [name]: part };
}

function toK6Variables(k6Summary: K6SummaryData | undefined): [string, string][] {
  return Object.entries(k6Summary?.metrics ?? {}).flatMap(([metric, { type, values }]) =>
    Object.entries(values).flatMap(([statistic, value]): [string, string][] => {
      if (!Number.isFinite(value)) return [];
      // `--summary-export`, which bench.py reads, names the value of a rate metric `value`.
      const name = type === "rate" && statistic === "rate" ? "value" : statistic;
      return [[`${escapeName(metric)}_${escapeName(name)}`, String(round(value))]];
    }),
  );
}

function toTitle({ run, configuration }: Summary, iterations: number): string {
  const where = run.runnerLabel === undefined ? "" : ` on ${run.runnerLabel}`;
  const what =
    configuration.serverName ?? (configuration.serverStartedHere ? "llama.cpp" : configuration.serverUrl);
  return toPlainLine(
    `${what} ${run.name}${where} duration=${configuration.durationSeconds}s ${iterations} iterations`,
  );
}

function toLabel({ run, configuration: { values } }: Summary): string {
  const model =
    values.hfRepo === undefined ? values.model : [values.hfRepo, values.hfFile].filter(Boolean).join("/");
  const settings: [string, OptionValue | undefined][] = [
    ["parallel", values.parallel],
    ["ctx-size", values.ctxSize],
    ["ngl", values.nGpuLayers],
    ["batch-size", values.batchSize],
    ["ubatch-size", values.ubatchSize],
    ["pp", values.maxPromptTokens],
    // bench.py's --max-tokens limits a prompt together with its answer.
    ["pp+tg", values.maxContext],
    ["branch", run.branch],
    ["commit", run.commit],
  ];
  const known = settings.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return toPlainLine([model ?? values.modelAlias ?? "", ...known].join(" "));
}

function escapeName(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/** Rounds as bench.py does. */
function round(value: number): number {
  return Number(value.toFixed(2));
}
