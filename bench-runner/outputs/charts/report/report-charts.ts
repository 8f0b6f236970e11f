// Every chart of the report by its section: the page draws them, the runner writes their words.
import type { ReportData } from "../../../summary/series/report-data.ts";
import type { ChartSpec } from "../chart-spec.ts";
import { toFailureChart } from "./failures.ts";
import { toDistributionChart } from "./latency.ts";
import { toBandChart, toCountChart, toRateChart } from "./over-time.ts";
import { toPromptLengthChart } from "./prompt-length.ts";
import { toSampledCharts } from "./sampled.ts";
import { toTimelineChart } from "./slowest-requests.ts";

export type ReportCharts = Record<
  "latency" | "time" | "failures" | "prompts" | "queueing" | "machine" | "slowest",
  ChartSpec[]
>;

/** Only those that the run has values for. */
export function toReportCharts(data: ReportData): ReportCharts {
  const { time, queueing } = data;
  return {
    latency: data.distributions.map(toDistributionChart),
    time: toTimeCharts(time, data.hasRanges ? "TTFT, upper ends" : "TTFT"),
    failures: known([toFailureChart(time)]),
    prompts: known([toPromptLengthChart(data.scatter, data.hasRanges)]),
    queueing: known([
      toBandChart(time, queueing.scheduleDelayMs, { id: "queueing-schedule", title: "Schedule delay" }),
      toBandChart(time, queueing.headersMs, { id: "queueing-headers", title: "Time to headers" }),
    ]),
    machine: toSampledCharts(data),
    slowest: known([toTimelineChart(data.slowest)]),
  };
}

function toTimeCharts(time: ReportData["time"], ttftTitle: string): ChartSpec[] {
  return known([
    toBandChart(time, time.ttftMs, { id: "time-ttft", title: ttftTitle }),
    toBandChart(time, time.e2eMs, { id: "time-e2e", title: "E2E" }),
    toRateChart(time, time.outputTokensPerSecond, {
      id: "time-tokens",
      title: "Output tokens per second",
      unit: "tokens/s",
      colour: 2,
    }),
    toCountChart(time, time.requestsPerSecond, {
      id: "time-requests",
      title: "Requests completed per second",
      unit: "requests/s",
      colour: 0,
    }),
    toRateChart(time, time.inFlight, {
      id: "time-in-flight",
      title: "Requests in flight",
      unit: "requests",
      colour: 3,
    }),
  ]);
}

function known(charts: readonly (ChartSpec | undefined)[]): ChartSpec[] {
  return charts.filter((chart) => chart !== undefined);
}
