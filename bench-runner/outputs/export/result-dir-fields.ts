// The fields of the layout `result-dir`, each with its formula: see layout-fields.ts.
import type { Summary } from "../../summary/summary.ts";
import { type LayoutField, pickStatistics, STD_NOTE, type StatisticNames } from "./layout-field.ts";
import { sumInputs, toBothPerSecond, toInputs } from "./prompt-lengths.ts";

const SEVEN: StatisticNames = {
  max: "max",
  min: "min",
  mean: "mean",
  median: "median",
  std: "standardDeviation",
  p90: "p90",
  p99: "p99",
};
const INPUTS =
  "tokens of the prompts, counted by the run's tokenizer (`--tokenizer FILE`), otherwise by usage";

export const RESULT_DIR_FIELDS: readonly LayoutField<Summary>[] = [
  {
    name: "completed",
    unit: "requests",
    formula: "complete requests",
    of: ({ requests }) => requests.byVerdict.complete ?? 0,
  },
  {
    name: "success_rate",
    unit: "0 to 1",
    formula: "complete / (succeeded + failed)",
    of: ({ rates }) => rates.success,
  },
  {
    name: "qps",
    unit: "requests/s",
    formula: "complete requests that ended in the window / its length",
    note: "includes requests that began in the warm-up and ended in the window",
    of: ({ throughput }) => throughput?.requestsPerSecond,
  },
  {
    name: "total_inlen",
    unit: "tokens",
    formula: `sum of ${INPUTS}`,
    note: "the layout always counts with one fixed tokenizer: give one to compare servers. A server without usage is counted by its `/tokenize`",
    of: sumInputs,
  },
  {
    name: "total_outlen",
    unit: "tokens",
    formula: "sum of completion tokens of usage, otherwise of token events",
    of: ({ tokens }) => tokens.completion,
  },
  {
    name: "avg_inlen",
    unit: "tokens",
    formula: "mean of the same",
    of: (summary) => toInputs(summary)?.mean,
  },
  {
    name: "avg_outlen",
    unit: "tokens",
    formula: "mean of completion tokens",
    of: ({ metrics }) => metrics.completionTokens?.mean,
  },
  {
    name: "max_inlen",
    unit: "tokens",
    formula: "maximum of the same",
    of: (summary) => toInputs(summary)?.max,
  },
  {
    name: "max_outlen",
    unit: "tokens",
    formula: "maximum of completion tokens",
    of: ({ metrics }) => metrics.completionTokens?.max,
  },
  {
    name: "o_tps",
    unit: "tokens/s",
    formula: "output tokens received in the window / its length",
    note: "the layout's definition is `total_outlen` / duration of the run; here each token counts when it arrives, even if its request failed later",
    of: ({ throughput }) => throughput?.outputTokensPerSecond,
  },
  {
    name: "io_tps",
    unit: "tokens/s",
    formula:
      "as `o_tps`, plus `total_inlen` / length of the window (by usage: plus the prompt tokens of requests whose first token is in the window)",
    of: toBothPerSecond,
  },
  {
    name: "TTFT",
    unit: "ms",
    formula: "max, min, mean, median, std, p90, p99 of first token − sent",
    note: `the layout documents no unit; milliseconds are used. ${STD_NOTE}`,
    of: ({ metrics }) => pickStatistics(metrics.ttft, SEVEN),
  },
  {
    name: "TPOT",
    unit: "ms",
    formula:
      "same statistics of (last token − first token) / tokens after the first token event, by usage, otherwise by token events",
    note: "for every backend. The layout's formula, output tokens / (latency − TTFT), is the inverse of a time per token; this project's is used",
    of: ({ metrics }) => pickStatistics(metrics.tpot, SEVEN),
  },
  {
    name: "E2E_TIME",
    unit: "ms",
    formula: "same statistics of end of the stream − sent",
    note: "the layout's definition ends at the last token",
    of: ({ metrics }) => pickStatistics(metrics.e2e, SEVEN),
  },
  {
    name: "ITL",
    unit: "ms",
    formula: "same statistics of gaps between consecutive token events",
    note: "quantiles come from a histogram with an error of at most 0.1 %",
    of: ({ metrics }) => pickStatistics(metrics.itl, SEVEN),
  },
];
