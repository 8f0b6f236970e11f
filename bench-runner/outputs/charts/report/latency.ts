// How each latency is distributed, with its percentiles and their certified bounds.
import { formatEnds, formatValue } from "../../../../lib/core/units.ts";
import type { Distribution } from "../../../summary/series/report-data.ts";
import type { DistributionChart } from "../chart-spec.ts";
import { listed } from "./chart-words.ts";

const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** As the field calls them. */
const SHORT = {
  ttft: "TTFT",
  scheduledTtft: "scheduled TTFT",
  tpot: "TPOT",
  itl: "ITL",
  e2e: "E2E",
} as const;

export function toDistributionChart({
  key,
  label,
  count,
  bins,
  cdf,
  isLog = false,
  marks: given,
}: Distribution): DistributionChart {
  // Gaps of one answer depend on each other: their percentiles are never certified, whatever the run.
  const isGaps = key === "itl";
  const marks = given.map((mark) => ({
    ...mark,
    share: SHARES[mark.name],
    isUncertain: mark.isUncertain && !isGaps,
  }));
  return {
    kind: "distribution",
    id: `distribution-${key}`,
    title: toTitle(label, SHORT[key], marks),
    description: toFinding(label, isGaps ? "gaps between tokens" : "requests", marks, count),
    legend: toLegend(marks),
    counted: isGaps ? "gaps" : "requests",
    isLog,
    bins,
    cdf,
    marks,
  };
}

function toTitle(label: string, short: string, marks: DistributionChart["marks"]): string {
  const both = label.includes(short) ? label : `${label} (${short})`;
  return marks.some(({ lowerMs }) => lowerMs !== undefined) ? `${both}, upper ends` : both;
}

function toFinding(
  label: string,
  counted: string,
  marks: DistributionChart["marks"],
  count: number | undefined,
): string {
  const at = Object.fromEntries(
    marks.map(({ name, ms, lowerMs }) => [
      name,
      lowerMs === undefined ? formatValue(ms, "ms") : formatEnds({ lower: lowerMs, upper: ms }, "ms"),
    ]),
  );
  if (count === 1) return `${label}: the only one took ${at.p50}.`;
  const parts = [
    at.p50 === undefined ? "" : `half of the ${counted} took at most ${at.p50}`,
    at.p95 === undefined ? "" : `95\u00a0% at most ${at.p95}`,
    at.p99 === undefined ? "" : `99\u00a0% at most ${at.p99}`,
  ].filter(Boolean);
  return parts.length === 0 ? `${label}: no values.` : `${label}: ${listed(parts)}.`;
}

function toLegend(marks: DistributionChart["marks"]): string {
  const uncertain = marks.filter(({ isUncertain }) => isUncertain).map(({ name }) => name);
  const certified = marks.flatMap(({ name, certifiedMs }) =>
    certifiedMs === undefined ? [] : [`${name} at most ${formatValue(certifiedMs, "ms")}`],
  );
  const ranges = marks.flatMap(({ name, ms, lowerMs }) =>
    lowerMs === undefined ? [] : [`${name} somewhere in ${formatEnds({ lower: lowerMs, upper: ms }, "ms")}`],
  );
  return [
    ranges.length > 0 ? `Known only as ranges, because the client was starved: ${listed(ranges)}.` : "",
    uncertain.length > 0 ? `* ${listed(uncertain)}: too few requests to be certain; dashed, hollow.` : "",
    certified.length > 0 ? `◆ certified, at 99 % confidence: ${listed(certified)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
