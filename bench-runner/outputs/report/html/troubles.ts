// What went wrong in a run, in sentences, most serious first, so that the first screen needs no chart.
import { FAILED_VERDICTS } from "../../../../lib/core/goals/thresholds.ts";
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { ReportData } from "../../../summary/series/report-data.ts";
import type { Summary } from "../../../summary/summary.ts";
import { formatClock } from "../../charts/pictures/axis-numbers.ts";
import { listed } from "../../charts/report/chart-words.ts";

/** A server that completes less than this share of the offered rate is behind. */
const KEPT_UP_SHARE = 0.9;
const FAILED: readonly string[] = FAILED_VERDICTS;

/** @param data the times of failures; without it they are left out */
export function toTroubles(summary: Summary, data?: ReportData): string[] {
  return [
    sayOverload(summary, data),
    sayFailures(summary, data),
    sayInterrupted(summary),
    isRestarted(summary) ? "The server was restarted during the load." : undefined,
  ].filter((sentence) => sentence !== undefined);
}

function sayOverload(summary: Summary, data?: ReportData): string | undefined {
  const { saturation, arrivals, throughput, requests } = summary;
  const offered = arrivals?.offeredPerSecond;
  const done = throughput?.requestsPerSecond;
  const isBehind = offered !== undefined && done !== undefined && done < KEPT_UP_SHARE * offered;
  // With too little data to judge a queue, requests that are never answered decide; failed ones do not.
  const isStuck = (requests.byVerdict.interrupted ?? 0) > (1 - KEPT_UP_SHARE) * requests.measured;
  if (saturation === undefined ? !(isBehind && isStuck) : !saturation.saturated) return undefined;
  const most = Math.max(0, ...(data?.time.inFlight ?? []));
  const parts = [
    ...(isBehind
      ? [
          `${formatValue(offered, "requests/s")} were due and ${formatValue(done, "requests/s")} completed in the window`,
        ]
      : []),
    ...(most >= 1 ? [`up to ${formatNumber(Math.round(most), "count")} were open at a time`] : []),
  ];
  const detail = parts.length > 0 ? parts.join(", ") : saturation?.reason;
  return `The server did not keep up with the rate: ${detail}.`;
}

function sayFailures({ requests }: Summary, data?: ReportData): string | undefined {
  const kinds = FAILED_VERDICTS.flatMap((verdict) => {
    const count = requests.byVerdict[verdict] ?? 0;
    return count > 0 ? [{ verdict, count }] : [];
  });
  if (kinds.length === 0) return undefined;
  kinds.sort((a, b) => b.count - a.count);
  const failed = kinds.reduce((sum, { count }) => sum + count, 0);
  const what = listed(kinds.map(({ verdict, count }) => `${formatNumber(count, "count")} × ${verdict}`));
  return `${formatNumber(failed, "count")} of ${formatNumber(requests.measured, "count")} measured requests failed${sayWhen(data)}: ${what}.`;
}

/** " between 0:23 and 0:28", for failures of every phase; empty if the times are unknown. */
function sayWhen(data: ReportData | undefined): string {
  if (data === undefined) return "";
  const { seconds, stepSeconds, failures } = data.time;
  const at = seconds.filter((_, index) =>
    failures.some(({ verdict, counts }) => FAILED.includes(verdict) && (counts[index] ?? 0) > 0),
  );
  const [first, last] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined) return "";
  const [from, to] = [first - stepSeconds / 2, last + stepSeconds / 2];
  if (to - from > 0.8 * seconds.length * stepSeconds) return " throughout the run";
  return ` between ${formatClock(Math.floor(from))} and ${formatClock(Math.ceil(to))}`;
}

function sayInterrupted({ requests }: Summary): string | undefined {
  const { interrupted = 0 } = requests.byVerdict;
  if (interrupted === 0) return undefined;
  const were = interrupted === 1 ? "was" : "were";
  return `${formatNumber(interrupted, "count")} of ${formatNumber(requests.measured, "count")} measured requests ${were} still open when the run ended: no latency includes them.`;
}

/** Its counters went back. */
function isRestarted({ server, reconciliation }: Summary): boolean {
  const reasons = [...server.absent.map(({ reason }) => reason), reconciliation.reason ?? ""];
  return reasons.some((reason) => reason.includes("it was restarted during the load"));
}
