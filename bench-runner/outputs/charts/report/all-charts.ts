// Every chart of the report, in the order of the page: the page draws them, the runner writes their words.
import type { ReportData } from "../../../summary/series/report-data.ts";
import type { Chart } from "./chart.ts";
import { toDistributionChart } from "./distribution.ts";
import { toFailureChart } from "./failures.ts";
import { toBandChart, toRateChart } from "./over-time.ts";
import { toSampledCharts } from "./sampled.ts";
import { toScatterChart } from "./scatter.ts";
import { toTimelineChart } from "./timelines.ts";

/** Only those that the run has values for. */
export function toCharts(data: ReportData): Chart[] {
  const { time, queueing } = data;
  const charts: (Chart | undefined)[] = [
    ...data.distributions.map(toDistributionChart),
    toBandChart(data, time.ttftMs, { id: "time-ttft", section: "time", title: "TTFT" }),
    toBandChart(data, time.e2eMs, { id: "time-e2e", section: "time", title: "E2E" }),
    toRateChart(time, time.outputTokensPerSecond, {
      ...{ id: "time-tokens", title: "Output tokens per second" },
      ...{ unit: "tokens/s", index: 2 },
    }),
    toRateChart(time, time.requestsPerSecond, {
      ...{ id: "time-requests", title: "Requests completed per second" },
      ...{ unit: "requests/s", index: 0 },
    }),
    toRateChart(time, time.inFlight, {
      ...{ id: "time-in-flight", title: "Requests in flight" },
      ...{ unit: "requests", index: 3 },
    }),
    toFailureChart(time),
    toScatterChart(data.scatter),
    toBandChart(data, queueing.scheduleDelayMs, {
      ...{ id: "queueing-schedule", section: "queueing", title: "Schedule delay" },
    }),
    toBandChart(data, queueing.headersMs, {
      ...{ id: "queueing-headers", section: "queueing", title: "Time to headers" },
    }),
    ...toSampledCharts(data),
    toTimelineChart(data.slowest),
  ];
  return charts.filter((chart) => chart !== undefined);
}
