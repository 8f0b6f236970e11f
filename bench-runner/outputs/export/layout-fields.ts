// The fields of the exported layouts, each with its formula: the source of both the files and docs/layouts.md.
//
// A layout fixes names and units. Where its own formula differs, or is not documented, the value follows this project's
// definition and `note` says so.
import { countJudged } from "../../summary/outcomes.ts";
import type { Summary } from "../../summary/summary.ts";
import { type LayoutField, pickStatistics, STD_NOTE, type StatisticNames } from "./layout-field.ts";
import type { ReportFigures } from "./report-figures.ts";

const FOUR: StatisticNames = { min: "min", max: "max", avg: "mean", std: "standardDeviation" };

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
    of: ({ summary }) => countJudged(summary.requests.measured, summary.requests.byVerdict),
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
    note: "the layout's formula: not the mean over the run, which is `o_tps` of `result-dir`. The window slides in steps of 10 ms; a run of less than 5 s is divided by 5 s, too",
    of: ({ figures }) => figures.peakTokensPerSecond,
  },
];
