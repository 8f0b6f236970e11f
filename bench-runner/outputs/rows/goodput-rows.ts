// Goodput and each service level objective in words.
import { METRICS } from "../../../lib/core/request/metrics.ts";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import { showValue } from "../../summary/show-figure.ts";
import type { SloResult, Summary } from "../../summary/summary.ts";

/** Label and value; empty without objectives. */
export function toGoodputRows({ goodput }: Summary): [string, string][] {
  if (goodput === undefined) return [];
  const { met, missed, uncertain = 0, neverSent, perSecond, slos } = goodput;
  const judged = formatNumber(met + missed + uncertain + neverSent, "count");
  const rate = perSecond === undefined ? "" : `, ${showValue("goodputPerSecond", { goodput })}`;
  const doubt = uncertain > 0 ? `; ${formatNumber(uncertain, "count")} uncertain` : "";
  const unsent = neverSent > 0 ? `; ${formatNumber(neverSent, "count")} never sent` : "";
  const whole = `${showValue("goodput", { goodput })}: ${formatNumber(met, "count")} of ${judged} met every SLO${rate}${doubt}${unsent}`;
  return [
    ["Goodput", whole],
    ...slos.map((slo): [string, string] => [describeSlo(slo), describeResult(slo)]),
  ];
}

/** "TTFT ≤ 500 ms", "E2E ≤ 10 s from when it was due". */
export function describeSlo({ metric, limitMs, from }: SloResult): string {
  const due = from === "scheduled" ? " from when it was due" : "";
  // A limit is what the user wrote, so it has no digits of precision.
  const limit = formatValue(limitMs, "ms")
    .replace(/(\.\d*?)0+(?= )/, "$1")
    .replace(/\.(?= )/, "");
  return `${METRICS[metric].about.title} ≤ ${limit}${due}`;
}

function describeResult({ met, missed, uncertain = 0, unjudged }: SloResult): string {
  const judged = met + missed + uncertain;
  const share = judged === 0 ? "nothing to judge" : `${formatValue(met / judged, "share")} met`;
  const doubt = uncertain > 0 ? `, ${formatValue(uncertain / judged, "share")} uncertain` : "";
  const rest = unjudged === undefined ? "" : `; ${formatNumber(unjudged, "count")} not judged`;
  return `${share}${doubt}${rest}`;
}
