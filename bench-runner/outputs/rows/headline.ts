// The headline of a run: its figures in one line, and its verdicts. Pure.
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import { markEstimated } from "../../summary/estimated.ts";
import { findFigure } from "../../summary/figures.ts";
import { nameGates, toGates } from "../../summary/judge/gates.ts";
import type { Summary } from "../../summary/summary.ts";

export interface Headline {
  figures: string[];
  verdicts: { kind: "good" | "bad" | "warning"; text: string }[];
}

export function toHeadline(summary: Summary): Headline {
  const { requests, metrics, warnings } = summary;
  const complete = formatNumber(requests.byVerdict.complete ?? 0, "count");
  const [name, time] = metrics.ttft ? ["TTFT", metrics.ttft] : ["E2E", metrics.e2e];
  const { short, of } = findFigure("goodput");
  const goodput = of(summary);
  const figures = [
    `${complete} of ${formatNumber(requests.measured, "count")} complete`,
    time && `${name} ${formatValue(time.median, "ms")}, p99 ${formatValue(time.p99, "ms")}`,
    ...(["outputTokensPerSecond", "requestsPerSecond"] as const).map((key) => {
      const { short, unit, of } = findFigure(key);
      const value = of(summary);
      return value === undefined
        ? undefined
        : `${formatNumber(value, unit)} ${short}${markEstimated(key, summary)}`;
    }),
    goodput === undefined ? undefined : `${short} ${formatValue(goodput, "share")}`,
  ];
  const gates = toGates(summary);
  const failed = gates.filter(({ ok }) => !ok).length;
  const verdicts: Headline["verdicts"] = [];
  if ((requests.byVerdict.complete ?? 0) === 0) {
    verdicts.push({ kind: "bad", text: "✗ no request completed" });
  }
  if (failed > 0)
    verdicts.push({
      kind: "bad",
      text: `✗ ${failed} of ${gates.length} ${nameGates(summary, gates.length)} FAILED`,
    });
  else if (gates.length > 0) verdicts.push({ kind: "good", text: `✓ every ${nameGates(summary, 1)} passed` });
  if (warnings.length > 0) {
    const many = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
    verdicts.push({ kind: "warning", text: `! ${many}, at the end` });
  }
  return { figures: figures.filter((text) => text !== undefined), verdicts };
}
