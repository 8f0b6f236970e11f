// From a run's files to the data of the charts of report.html.

import type { RunInput } from "../../summary/run-input.ts";
import type { ReportData, SampledSeries, TimeSeries } from "../../summary/series/report-data.ts";
import { type TimeGrid, toMiddles } from "../../summary/series/time-grid.ts";
import { toTimeline } from "../../summary/series/timeline.ts";
import { hasRange } from "../../summary/show-figure.ts";
import type { RunReading } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";
import { toDistributions } from "./distributions.ts";
import { toGpuSeries, toMachineSeries } from "./machine-series.ts";
import { toScatter } from "./scatter-grid.ts";
import { toServerSeries } from "./server-series.ts";
import { toRules } from "./thinning-rules.ts";
import { toBand } from "./time-bands.ts";

/**
 * @param reading the reading of the run's journal
 * @param summary the summary of the same run: the charts mark its percentiles
 */
export function toReportData(input: RunInput, reading: RunReading, summary: Summary): ReportData {
  const { grid, countGrid } = reading.grids;
  const { measured, others, charts, epochUnixMs } = reading.journal;
  const { gaps, slowest, documents } = charts;
  const requests = measured.requests + others.requests;
  const scatter = toScatter(measured.column("promptTokens"), measured.column("ttft"));
  const hasRanges = hasRange("ttft.p99", summary) || hasRange("ttft.mean", summary);
  const hasClock = epochUnixMs !== undefined;
  const hasDelay = measured.column("scheduleDelay").length + others.column("scheduleDelay").length > 0;
  const hasHeaders = measured.column("headers").length + others.column("headers").length > 0;
  return {
    schema: "server-bench/report-data/1",
    requests,
    gaps: gaps.total,
    ...(hasRanges && { hasRanges }),
    rules: toRules({ requests, gaps: gaps.total, scatter, documents, grid, countGrid, hasClock, hasRanges }),
    distributions: toDistributions(measured, gaps, summary),
    time: toTimeSeries(reading),
    ...(scatter && { scatter }),
    queueing: {
      ...(hasDelay && { scheduleDelayMs: toBand(grid, [measured], "scheduleDelay") }),
      ...(hasHeaders && { headersMs: toBand(grid, [measured], "headers") }),
    },
    series: hasClock ? toSeries(input.samples, epochUnixMs, grid) : [],
    slowest: slowest.toLines().map((line) => toTimeline(line, grid.originMs)),
  };
}

function toTimeSeries({ grids: { grid }, journal, again }: RunReading): TimeSeries {
  const phases = [journal.measured, journal.others];
  return {
    stepSeconds: grid.stepMs / 1000,
    seconds: toMiddles(grid),
    phases: journal.charts.phases.toSpans(grid.originMs, grid.endMs),
    ttftMs: toBand(grid, phases, "ttft"),
    e2eMs: toBand(grid, phases, "e2e"),
    ...again.counts.toCounted(),
  };
}

function toSeries(samples: RunInput["samples"], epochUnixMs: number, grid: TimeGrid): SampledSeries[] {
  const load = { startUnixMs: epochUnixMs + grid.originMs, endUnixMs: epochUnixMs + grid.endMs };
  return [
    ...toServerSeries(samples?.scrapes ?? [], load, samples?.kind),
    ...toMachineSeries(samples?.hosts ?? [], load),
    ...toGpuSeries(samples?.gpus ?? [], load),
  ];
}
