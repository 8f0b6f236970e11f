// The fields of the exported layouts, each with its formula: the source of both the files and docs/layouts.md.
//
// A layout fixes names and units. Where its own formula differs, or is not documented, the value follows this project's
// definition and `note` says so.
import type { Summary } from "../../summary/summary.ts";
import { type LayoutField, pickStatistics, STD_NOTE, type StatisticNames } from "./layout-field.ts";
import type { RecordView } from "./record-view.ts";
import type { ReportFigures } from "./report-figures.ts";

/** One request, with what the journal does not contain. */
export interface LineSource {
  record: RecordView;
  model: string;
  prompt: string | undefined;
}

const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
const isComplete = ({ record }: LineSource) => record.details.verdict === "complete";
/** The value of a successful request; a failed one has no latency. */
const ifComplete = (of: (source: LineSource) => unknown) => (source: LineSource) =>
  isComplete(source) ? of(source) : undefined;

const FOUR: StatisticNames = { min: "min", max: "max", avg: "mean", std: "standardDeviation" };

/** Measured requests that succeeded or failed. */
function countJudged({ requests }: Summary): number {
  const { aborted = 0, interrupted = 0 } = requests.byVerdict;
  return requests.measured - aborted - interrupted;
}

/** Why a run without service level objectives has no `SLO`. */
export const NO_SLO = "`SLO` is absent: the run has no service level objectives";

/** A run, with the figures that its summary does not have. */
export interface ReportSource {
  summary: Summary;
  figures: ReportFigures;
}

export const REPORT_JSON_FIELDS: readonly LayoutField<ReportSource>[] = [
  {
    name: "request_num",
    unit: "requests",
    formula: "measured requests that succeeded or failed",
    note: "excludes requests that hung up on purpose or that the end of the run interrupted",
    of: ({ summary }) => countJudged(summary),
  },
  {
    name: "fail_rate",
    unit: "0 to 1",
    formula: "1 − success rate",
    of: ({ summary: { rates } }) => (rates.success === undefined ? undefined : 1 - rates.success),
  },
  {
    name: "TTFT",
    unit: "s",
    formula: "min, max, avg, std of first token − sent",
    note: `the layout defines the time to the first byte, which may belong to a role-only event or a ping; this is the time to the first token (\`headers_ms\` of the CSV is close to the layout's value). ${STD_NOTE}`,
    of: ({ summary: { metrics } }) => pickStatistics(metrics.ttft, FOUR, 1 / 1000),
  },
  {
    name: "SLO",
    unit: "0 to 1",
    formula: "goodput: share of arrivals that were complete and met every `--slo`",
    note: "absent if the run has no objectives",
    of: ({ summary: { goodput } }) => goodput?.share,
  },
  {
    name: "TPOT",
    unit: "s",
    formula: "min, max, avg, std of E2E / tokens: (end of the stream − sent) / completion tokens",
    note: `the layout's formula: it includes the time to the first token, unlike TPOT everywhere else in this project, (last token − first token) / (tokens − 1). ${STD_NOTE}`,
    of: ({ figures }) => pickStatistics(figures.msPerToken, FOUR, 1 / 1000),
  },
  {
    name: "Throughput",
    unit: "tokens/s",
    formula: "the peak of a sliding window of 5 s: the most output tokens received in any 5 s, / 5 s",
    note: "the layout's formula: not the mean over the run, which is `o_tps` of `result-dir`. The window slides in steps of 0.1 s; a run of less than 5 s is divided by 5 s, too",
    of: ({ figures }) => figures.peakTokensPerSecond,
  },
];

export const BENCH_JSONL_FIELDS: readonly LayoutField<LineSource>[] = [
  {
    name: "timestamp",
    unit: "Unix s",
    formula: "time sent, or start if nothing was sent",
    note: "`timestamp` + `ttft` is the moment of the first token",
    of: ({ record: { line, epochUnixMs } }) =>
      epochUnixMs === undefined ? undefined : (epochUnixMs + (line.sentMs ?? line.startMs)) / 1000,
  },
  { name: "model", unit: "", formula: "the requested model", of: ({ model }) => model },
  {
    name: "prompt",
    unit: "",
    formula: "the text of the row, or of the turn in a conversation",
    note: "absent if it was generated when sent, or is not in the run folder",
    of: ({ prompt }) => prompt,
  },
  {
    name: "ttft",
    unit: "s",
    formula: "first token − sent",
    note: "the layout's definition includes connecting, and takes the first line of the answer for a token",
    of: ifComplete(({ record }) => inSeconds(record.details.ttftMs)),
  },
  {
    name: "total_time",
    unit: "s",
    formula: "end of the stream − sent",
    of: ifComplete(({ record }) => inSeconds(record.details.e2eMs)),
  },
  {
    name: "input_tokens",
    unit: "tokens",
    formula: "prompt tokens of usage",
    of: ({ record }) => record.details.promptTokens,
  },
  {
    name: "output_tokens",
    unit: "tokens",
    formula: "completion tokens of usage, otherwise the number of token events",
    of: ifComplete(({ record }) => record.details.completionTokens),
  },
  {
    name: "tokens_per_sec",
    unit: "tokens/s",
    formula: "`output_tokens` / `total_time`",
    of: ifComplete(({ record }) => record.details.generationTokensPerSecond),
  },
  {
    name: "success",
    unit: "",
    formula: "the verdict is `complete`",
    note: "a failed request has no latencies and no rates here, so averages over the file cover complete answers only",
    of: isComplete,
  },
];

/** A row of the layout's summary table. */
export const BENCH_SUMMARY_FIELDS: readonly LayoutField<Summary>[] = [
  {
    name: "TTFT (ms)",
    unit: "ms",
    formula: "first token − sent",
    of: ({ metrics }) =>
      pickStatistics(metrics.ttft, { mean: "mean", median: "median", p95: "p95", p99: "p99" }),
  },
  {
    name: "Total Time (s)",
    unit: "s",
    formula: "end of the stream − sent",
    of: ({ metrics }) =>
      pickStatistics(metrics.e2e, { mean: "mean", median: "median", p95: "p95", p99: "p99" }, 1 / 1000),
  },
  {
    name: "Tokens/sec",
    unit: "tokens/s",
    formula: "completion tokens / total time, per request",
    note: "p95 and p99 use ascending order, as for times: 5 % and 1 % of the requests were faster. The layout's own are the slow end, which it does not document",
    of: ({ metrics }) =>
      pickStatistics(metrics.generationTokensPerSecond, {
        mean: "mean",
        median: "median",
        p95: "p95",
        p99: "p99",
      }),
  },
  {
    name: "Success Rate (%)",
    unit: "%",
    formula: "complete / (succeeded + failed)",
    of: ({ rates }) => (rates.success === undefined ? undefined : { mean: rates.success * 100 }),
  },
];
