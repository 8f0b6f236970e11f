// What a scenario says at its end: its own table below k6's summary, and k6's summary as a file if the runner asks for it.
import sse from "k6/x/sse";
import {
  isConsoleData,
  type K6SummaryData,
  toConsoleSummary,
  toHeadline,
} from "../core/goals/console-summary.ts";
import { parseSeconds } from "../core/parse-seconds.ts";
import { METRICS } from "../core/request/metrics.ts";

const COARSE =
  "Times are coarse: this k6 has the community extension, which reports neither when a request was sent (times count\n" +
  "  from its start, connecting included) nor when tokens arrived. The project's own k6 (bin/k6) does.";

/** Before the figures: what clients that pause change in them. */
function describePause(data: K6SummaryData): string {
  const { SERVER_BENCH_SLEEP: text } = __ENV;
  const isOpen = data.metrics[METRICS.scheduleDelay.k6Name] !== undefined;
  if (!text || isOpen || !parseSeconds(text)) return "";
  return `\n  Clients pause ${parseSeconds(text)} s after each request (SERVER_BENCH_SLEEP): throughput is less than the server could give.\n`;
}

/**
 * The value of a scenario's `handleSummary`; undefined leaves the summary to k6, with all its lines and by its own options.
 * @param coarse times come from the community extension
 */
export function toSummary(data: K6SummaryData, coarse: boolean): Record<string, string> | undefined {
  const { SERVER_BENCH_QUIET: quiet, SERVER_BENCH_K6_SUMMARY: path } = __ENV;
  const isQuiet = quiet === "1";
  const toTable = () => describePause(data) + toConsoleSummary(data);
  if (path || isQuiet) {
    return {
      ...(!isQuiet && { stdout: toTable() + (coarse ? `  ${COARSE}\n\n` : "") }),
      ...(path && { [path]: JSON.stringify(data) }),
    };
  }
  if (isConsoleData(data)) {
    if (sse.print) sse.print(toTable());
    else console.info(`${toHeadline(data)}. ${COARSE.replace(/\s+/g, " ")}`);
  }
  return undefined;
}
