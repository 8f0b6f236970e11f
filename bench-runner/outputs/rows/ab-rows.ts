// The result of a run against two servers at once, in words.
import { METRICS } from "../../../lib/core/request/metrics.ts";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import type { Pairs, Summary } from "../../summary/summary.ts";

/** Label and value; empty for a run against one server. */
export function toAbRows({ ab }: Summary): [string, string][] {
  if (ab === undefined) return [];
  const { compared, lost } = ab.pairs;
  const without =
    lost > 0 ? `; ${formatNumber(lost, "count")} pairs without a complete answer from both` : "";
  return [
    ["Servers", `a ${ab.a}, b ${ab.b}`],
    ["Pairs", `${formatNumber(compared, "count")} prompts answered by both${without}`],
    ...ab.pairs.differences.map((row): [string, string] => [
      `${METRICS[row.metric].about.title} of b − a`,
      describe(row),
    ]),
  ];
}

/** "−12.3 ms (−14.4 to −10.2 at 95 %), −5.1 %: b is faster, in 74 % of the pairs". */
function describe({ a, difference, low, high, shareBFaster, verdict }: Pairs["differences"][number]): string {
  const show = (ms: number) => `${ms > 0 ? "+" : ""}${formatNumber(ms, "ms")}`;
  const interval = low === undefined || high === undefined ? "" : ` (${show(low)} to ${show(high)} at 95 %)`;
  const share = difference / a;
  const relative = a > 0 ? `, ${share > 0 ? "+" : ""}${formatValue(share, "share")}` : "";
  const words =
    verdict === "unknown"
      ? "too few pairs to decide"
      : verdict === "uncertain"
        ? "uncertain, because some of these times are known only as ranges"
        : verdict;
  return `${show(difference)} ms${interval}${relative}: ${words}; b is faster in ${formatValue(shareBFaster, "share")} of the pairs`;
}
