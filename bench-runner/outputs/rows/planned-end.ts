// What ended a run that reached its planned end: its time or its requests. Pure.
import { formatDuration, formatNumber } from "../../../lib/core/units.ts";
import type { Summary } from "../../summary/summary.ts";

/** "its 1m 00s were over", "all 480 requests were done": a clause. */
export function describePlannedEnd({
  window,
  configuration,
}: Pick<Summary, "window" | "configuration">): string {
  const { kind, iterations, durationSeconds, values } = configuration;
  if (window?.endedBy === "duration") return `its ${formatDuration(durationSeconds * 1000)} were over`;
  const isCounted = iterations !== undefined && (values.maxTurns ?? 1) === 1;
  if (!isCounted) return "its last request was done";
  const count = formatNumber(iterations, "count");
  return kind === "open" ? `all ${count} arrivals were served` : `all ${count} requests were done`;
}
