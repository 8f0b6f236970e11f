// The outputs of a scenario at its end: a compact table, and k6's own summary if the runner asks for it.
import { type K6SummaryData, toConsoleSummary } from "../core/goals/console-summary.ts";

const COARSE =
  "  Times are coarse: this k6 has the community extension, which reports neither when a request was sent (times count\n" +
  "  from its start, connecting included) nor when tokens arrived. The project's own k6 (bin/k6) does.\n\n";

/**
 * The value of a scenario's `handleSummary`.
 * @param coarse times come from the community extension
 */
export function toSummary(data: K6SummaryData, coarse: boolean): Record<string, string> {
  const { SERVER_BENCH_QUIET: quiet, SERVER_BENCH_K6_SUMMARY: path } = __ENV;
  return {
    ...(quiet !== "1" && { stdout: toConsoleSummary(data) + (coarse ? COARSE : "") }),
    ...(path && { [path]: JSON.stringify(data) }),
  };
}
