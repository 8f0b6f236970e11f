// A summary as CSV: a header that never changes within a schema version, and one row per run.
import { REQUEST_TRENDS, type TrendKey } from "../../lib/core/request/trends.ts";
import { VERDICTS } from "../../lib/core/request/verdict.ts";
import { type FigureKey, findFigure, type Measured, toMeasured } from "../summary/figures.ts";
import { describeStamps } from "../summary/stamp-sources.ts";
import type { Gpu, GpuUse, Steady, Summary } from "../summary/summary.ts";
import { STEADY_FIGURES } from "./rows/steady-rows.ts";
import { renderCsvTable } from "./table/csv-table.ts";
import type { Cell } from "./table/table.ts";

const STATISTICS = ["count", "mean", "std", "min", "median", "p90", "p95", "p99", "max"] as const;
const CERTIFIABLE = ["p90", "p95", "p99"] as const;
const CERTIFIED: readonly TrendKey[] = REQUEST_TRENDS.filter(({ about }) => about.certified).map(
  ({ key }) => key,
);
const TRENDS: readonly TrendKey[] = [...REQUEST_TRENDS.map(({ key }) => key), "itl"];
const RATES: readonly FigureKey[] = [
  "requestsPerSecond",
  "outputTokensPerSecond",
  "totalTokensPerSecond",
  "success",
  "truncated",
  "stopped",
  "goodput",
  "goodputPerSecond",
];

/** Rows with one header, for spreadsheets and data frames; numbers to six significant digits, absent values empty. */
export function renderCsv(summaries: readonly Summary[]): string {
  return renderCsvTable({
    columns: toCells(undefined).map(([title]) => ({ title })),
    rows: summaries.map((summary) => toCells(summary).map(([, cell]) => cell)),
  });
}

/** The name and value of every column; the names do not depend on the summary. */
function toCells(summary: Summary | undefined): [string, Cell][] {
  const s = summary;
  return [
    ["schema", s?.schema],
    ["name", s?.run.name],
    ["runner_label", s?.run.runnerLabel],
    ["branch", s?.run.branch],
    ["commit", s?.run.commit],
    ["scenario", s?.run.scenario],
    ["start", s?.run.start],
    ["end", s?.run.end],
    ["partial", s?.run.partial],
    ["k6_exit_code", s?.run.k6ExitCode],
    ["vus", s?.configuration.vus],
    ["iterations", s?.configuration.iterations],
    ["duration_seconds", s?.configuration.durationSeconds],
    ["window_seconds", s?.window?.seconds],
    ["requests_started", s?.requests.started],
    ["requests_measured", s?.requests.measured],
    ...VERDICTS.map((verdict): [string, Cell] => [
      `requests_${verdict}`,
      s && (s.requests.byVerdict[verdict] ?? 0),
    ]),
    ...RATES.map((key) => toFigureCell(key, s)),
    ["prompt_tokens_total", s?.tokens.prompt],
    ["cached_tokens_total", s?.tokens.cached],
    ["completion_tokens_total", s?.tokens.completion],
    ["completion_tokens_estimated_requests", s?.tokens.estimatedRequests],
    ...TRENDS.flatMap((key) => [
      ...STATISTICS.map((statistic) => toFigureCell(`${key}.${statistic}`, s)),
      ...(CERTIFIED.includes(key) ? CERTIFIABLE : []).map((statistic) =>
        toFigureCell(`${key}.${statistic}.certified`, s),
      ),
    ]),
    ["stamp_lag_mean", s?.precision.stampLagMs?.mean],
    ["stamp_lag_p99", s?.precision.stampLagMs?.p99],
    ["send_delay_mean", s?.precision.sendDelayMs?.mean],
    ["send_delay_p99", s?.precision.sendDelayMs?.p99],
    ["merged_tokens_share", s?.precision.mergedTokensShare],
    ["stamps", s && describeStamps(s.precision.stamps)],
    ["merged_tokens", s?.precision.mergedTokens],
    ["uncertain_gaps", s?.precision.uncertainGaps],
    ["first_token_ranges", s?.precision.firstTokenRanges],
    ["packets_seen", s?.precision.packets?.seen],
    ["packets_dropped", s?.precision.packets?.dropped],
    ["packet_misses", s?.precision.packetMisses],
    ...RANGED.map((key): [string, Cell] => toOtherEndCell(key, s)),
    ["k6_cpu_seconds", s?.client?.k6CpuSeconds],
    ["k6_peak_memory_bytes", s?.client?.k6PeakMemoryBytes],
    ["host_cpu_cores_mean", s?.host?.cpuCores.mean],
    ["host_cpu_cores_max", s?.host?.cpuCores.max],
    ["server_prompt_tokens_per_second", s?.server.promptTokensPerSecond],
    ["server_generated_tokens_per_second", s?.server.generatedTokensPerSecond],
    ["server_cached_prompt_tokens_share", s?.server.cachedPromptTokensShare],
    ["server_busy_slots_per_decode_mean", s?.server.busySlotsPerDecode?.mean],
    ["server_busy_slots_per_decode_max", s?.server.busySlotsPerDecode?.max],
    ["server_requests_processing_mean", s?.server.requestsProcessing?.mean],
    ["server_requests_processing_max", s?.server.requestsProcessing?.max],
    ["server_requests_deferred_mean", s?.server.requestsDeferred?.mean],
    ["server_requests_deferred_max", s?.server.requestsDeferred?.max],
    ["server_speculative_acceptance", s?.server.speculativeAcceptance],
    ["server_cache_usage_mean", s?.server.cacheUsage?.mean],
    ["server_cache_usage_max", s?.server.cacheUsage?.max],
    ["server_cpu_seconds", s?.server.process?.cpuSeconds],
    ["server_cpu_cores", s?.server.process?.cpuCores],
    toFigureCell("serverMemory", s),
    toFigureCell("ready", s),
    toFigureCell("memoryAfterLoad", s),
    ["gpu_memory_after_load_bytes", s?.server.gpuMemoryAfterLoadBytes],
    ...toGpuCells(s?.gpus, toFigureCell("gpuMemory", s)),
    ...toSteadyCells(s && !("absent" in s.steady) ? s.steady : undefined),
    ["server_agrees", s?.reconciliation.verdict],
    ["k6_agrees", s?.crossCheck.verdict],
    ["warnings", s?.warnings.map(({ code }) => code).join(" ")],
  ];
}

/** Totals over all GPUs of the machine, and the temperature of the hottest; a figure that one of them does not report is unknown for all. */
function toGpuCells(gpus: GpuUse | undefined, peakMemory: [string, Cell]): [string, Cell][] {
  const devices = gpus?.devices ?? [];
  const all = (of: (gpu: Gpu) => number | undefined): number[] | undefined => {
    const values = devices.flatMap((gpu) => of(gpu) ?? []);
    return values.length > 0 && values.length === devices.length ? values : undefined;
  };
  const add = (values: number[] | undefined) => values?.reduce((sum, value) => sum + value, 0);
  const highest = (values: number[] | undefined) => values?.reduce((most, value) => Math.max(most, value));
  const utilisations = all(({ utilisation }) => utilisation?.mean);
  return [
    // An empty list means unknown: without nvidia-smi no GPUs were looked for.
    ["gpus", devices.length > 0 ? devices.length : undefined],
    ["gpu_utilisation_mean", utilisations && (add(utilisations) ?? 0) / utilisations.length],
    peakMemory,
    ["gpu_memory_total_bytes", add(all(({ memoryTotalBytes }) => memoryTotalBytes))],
    ["gpu_power_watts_mean", add(all(({ powerWatts }) => powerWatts?.mean))],
    ["gpu_energy_joules", gpus?.energyJoules],
    ["gpu_temperature_celsius_max", highest(all(({ temperatureCelsius }) => temperatureCelsius?.max))],
    ["joules_per_output_token", gpus?.joulesPerOutputToken],
  ];
}

function toSteadyCells(steady: Steady | undefined): [string, Cell][] {
  return [
    ["steady_seconds", steady?.seconds],
    ["steady_requests", steady?.requests],
    ...STEADY_FIGURES.map((key): [string, Cell] => {
      const [column, cell] = toFigureCell(key, steady && toMeasured(steady));
      return [`steady_${column}`, cell];
    }),
  ];
}

/** Figures whose other end has a column of its own: the lower end of a time, the upper end of a rate. */
const RANGED: readonly FigureKey[] = [
  ...(["ttft", "ttfo", "scheduledTtft", "tpot"] as const).flatMap((metric) =>
    (["mean", "median", "p90", "p95", "p99"] as const).map(
      (statistic): FigureKey => `${metric}.${statistic}`,
    ),
  ),
  "goodput",
];

/** Empty where the figure is known exactly. */
function toOtherEndCell(key: FigureKey, measured: Measured | undefined): [string, Cell] {
  const { column, better, endsOf } = findFigure(key);
  const end = better === "higher" ? "upper" : "lower";
  return [`${column}_${end}`, measured && endsOf(measured)?.[end]];
}

function toFigureCell(key: FigureKey, measured: Measured | undefined): [string, Cell] {
  const { column, of } = findFigure(key);
  return [column, measured && of(measured)];
}
