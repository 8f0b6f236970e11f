// Goodput and each service level objective in words.
import { METRICS } from "../../../lib/core/request/metrics.ts";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import type { SloResult, Summary } from "../../summary/summary.ts";

/** Label and value; empty without objectives. */
export function toGoodputRows({ goodput }: Summary): [string, string][] {
  if (goodput === undefined) return [];
  const { share, met, missed, neverSent, perSecond, slos } = goodput;
  const judged = formatNumber(met + missed + neverSent, "count");
  const rate = perSecond === undefined ? "" : `, ${formatValue(perSecond, "requests/s")}`;
  const unsent = neverSent > 0 ? `; ${formatNumber(neverSent, "count")} never sent` : "";
  const whole = `${formatValue(share, "share")}: ${formatNumber(met, "count")} of ${judged} met every SLO${rate}${unsent}`;
  return [
    ["Goodput", whole],
    ...slos.map((slo): [string, string] => [describeSlo(slo), describeResult(slo)]),
  ];
}

/** "TTFT ≤ 500 ms", "E2E ≤ 10.00 s from when it was due". */
export function describeSlo({ metric, limitMs, from }: SloResult): string {
  const due = from === "scheduled" ? " from when it was due" : "";
  return `${METRICS[metric].about.title} ≤ ${formatValue(limitMs, "ms")}${due}`;
}

function describeResult({ met, missed, unjudged }: SloResult): string {
  const judged = met + missed;
  const share = judged === 0 ? "nothing to judge" : `${formatValue(met / judged, "share")} met`;
  return unjudged === undefined ? share : `${share}; ${formatNumber(unjudged, "count")} not judged`;
}
