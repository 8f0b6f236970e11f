// The outputs of a scenario at its end: a compact table, and k6's own summary if the runner asks for it.
import { type K6SummaryData, toConsoleSummary } from "../core/goals/console-summary.ts";
import { parseSeconds } from "../core/parse-seconds.ts";
import { METRICS } from "../core/request/metrics.ts";

const COARSE =
  "  Times are coarse: this k6 has the community extension, which reports neither when a request was sent (times count\n" +
  "  from its start, connecting included) nor when tokens arrived. The project's own k6 (bin/k6) does.\n\n";

/** Before the figures: what clients that pause change in them. */
function describePause(data: K6SummaryData): string {
  const { SERVER_BENCH_SLEEP: text } = __ENV;
  const isOpen = data.metrics[METRICS.scheduleDelay.k6Name] !== undefined;
  if (!text || isOpen || !parseSeconds(text)) return "";
  return `\n  Clients pause ${parseSeconds(text)} s after each request (SERVER_BENCH_SLEEP): throughput is less than the server could give.\n`;
}

/**
 * The value of a scenario's `handleSummary`.
 * @param coarse times come from the community extension
 */
export function toSummary(data: K6SummaryData, coarse: boolean): Record<string, string> {
  const { SERVER_BENCH_QUIET: quiet, SERVER_BENCH_K6_SUMMARY: path } = __ENV;
  return {
    ...(quiet !== "1" && { stdout: describePause(data) + toConsoleSummary(data) + (coarse ? COARSE : "") }),
    ...(path && { [path]: JSON.stringify(data) }),
  };
}
