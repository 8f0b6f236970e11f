// From a run's files to what the charts of report.html are drawn from: two readings of the journal, in constant memory but
// for a few numbers a request.
import { deriveMetrics } from "../../lib/core/request-metrics.ts";
import { readJournal } from "../journal-reader.ts";
import type { RunInput } from "../summarize.ts";
import type { Summary } from "../summary.ts";
import { isMeasured } from "../tally.ts";
import { toDistributions } from "./distributions.ts";
import { GapCounts } from "./gap-counts.ts";
import { toGpuSeries } from "./gpu-series.ts";
import { toMachineSeries } from "./machine-series.ts";
import { PhaseStarts } from "./phase-spans.ts";
import type { ReportData, SampledSeries, TimeSeries } from "./report-data.ts";
import { RequestColumns } from "./request-columns.ts";
import { toScatter } from "./scatter-grid.ts";
import { toServerSeries } from "./server-series.ts";
import { SlowestRequests } from "./slowest.ts";
import { toRules } from "./thinning-rules.ts";
import { toBand } from "./time-bands.ts";
import { TimeCounts } from "./time-counts.ts";
import { type TimeGrid, toMiddles, toTimeGrid } from "./time-grid.ts";
import { toTimeline } from "./timeline.ts";

const SLOWEST = 10;

/** What the first reading finds. */
interface FirstReading {
  columns: RequestColumns;
  /** Of complete measured requests. */
  gaps: GapCounts;
  slowest: SlowestRequests;
  phases: PhaseStarts;
  requests: number;
  documents: number;
  /** From the first start to the last end; absent without requests. */
  span?: { fromMs: number; toMs: number };
  epochUnixMs?: number;
}

/**
 * @param summary of the same run: its percentiles are those that the charts mark
 * @throws UserError for a journal that cannot be read
 */
export async function toReportData(input: RunInput, summary: Summary): Promise<ReportData> {
  const reading = await readFirst(input.records);
  const { columns, gaps, requests, documents, epochUnixMs } = reading;
  const grid = toTimeGrid(reading.span, requests);
  const time = await toTimeSeries(input.records, grid, reading);
  const isKept = columns.toMeasured();
  const scatter = toScatter(columns.column("promptTokens"), columns.column("ttftMs"), isKept);
  const band = (key: "scheduleDelayMs" | "headersMs") =>
    columns.column(key).length > 0 && {
      [key]: toBand(grid, columns.startMs, columns.column(key), isKept),
    };
  const hasClock = epochUnixMs !== undefined;
  return {
    schema: "server-bench/report-data/1",
    requests,
    gaps: gaps.total,
    rules: toRules({ requests, gaps: gaps.total, scatter, documents, grid, hasClock }),
    distributions: toDistributions(columns, gaps, summary),
    time,
    ...(scatter && { scatter }),
    queueing: { ...band("scheduleDelayMs"), ...band("headersMs") },
    series: hasClock ? toSeries(input.samples, epochUnixMs, grid) : [],
    slowest: reading.slowest.toLines().map((line) => toTimeline(line, grid.originMs)),
  };
}

async function readFirst(path: string): Promise<FirstReading> {
  const reading: FirstReading = {
    columns: new RequestColumns(),
    gaps: new GapCounts(),
    slowest: new SlowestRequests(SLOWEST),
    phases: new PhaseStarts(),
    requests: 0,
    documents: 0,
  };
  for await (const line of readJournal(path)) {
    if (line.type === "header") reading.epochUnixMs = line.epochUnixMs;
    if (line.type !== "request") continue;
    const { fromMs, toMs } = reading.span ?? { fromMs: line.startMs, toMs: line.endMs };
    reading.span = { fromMs: Math.min(fromMs, line.startMs), toMs: Math.max(toMs, line.endMs) };
    reading.requests += 1;
    if (line.document) reading.documents += 1;
    reading.phases.add(line.labels.phase, line.startMs);
    reading.slowest.add(line);
    const metrics = deriveMetrics(line);
    if (metrics.verdict !== "complete") continue;
    reading.columns.add(line, metrics);
    if (isMeasured(line)) reading.gaps.addLine(line);
  }
  return reading;
}

/** The second reading: only now it is known which intervals there are. */
async function toTimeSeries(
  path: string,
  grid: TimeGrid,
  { columns, phases }: FirstReading,
): Promise<TimeSeries> {
  const counts = new TimeCounts(grid);
  for await (const line of readJournal(path)) if (line.type === "request") counts.add(line);
  return {
    stepSeconds: grid.stepMs / 1000,
    seconds: toMiddles(grid),
    phases: phases.toSpans(grid.originMs, grid.endMs),
    ttftMs: toBand(grid, columns.startMs, columns.column("ttftMs")),
    e2eMs: toBand(grid, columns.startMs, columns.column("e2eMs")),
    ...counts.toCounted(),
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
