// What to know of a run before anything else: its figures in one line, and what to think of them. Pure.
import { formatNumber, formatValue } from "../lib/core/units.ts";
import type { Summary } from "./summary.ts";

export interface Headline {
  figures: string[];
  verdicts: { kind: "good" | "bad" | "warning"; text: string }[];
}

export function toHeadline({ requests, metrics, throughput, thresholds, warnings }: Summary): Headline {
  const complete = formatNumber(requests.byVerdict.complete ?? 0, "count");
  const [name, time] = metrics.ttft ? ["TTFT", metrics.ttft] : ["E2E", metrics.e2e];
  const figures = [
    `${complete} of ${formatNumber(requests.measured, "count")} complete`,
    time && `${name} ${formatValue(time.median, "ms")}, p99 ${formatValue(time.p99, "ms")}`,
    throughput && `${formatNumber(throughput.outputTokensPerSecond, "tokens/s")} output tokens/s`,
    throughput && formatValue(throughput.requestsPerSecond, "requests/s"),
  ];
  const failed = thresholds.filter(({ ok }) => !ok).length;
  const verdicts: Headline["verdicts"] = [];
  if ((requests.byVerdict.complete ?? 0) === 0) {
    verdicts.push({ kind: "bad", text: "✗ no request completed" });
  }
  if (failed > 0)
    verdicts.push({ kind: "bad", text: `✗ ${failed} of ${thresholds.length} thresholds FAILED` });
  else if (thresholds.length > 0) verdicts.push({ kind: "good", text: "✓ every threshold passed" });
  if (warnings.length > 0) {
    const many = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
    verdicts.push({ kind: "warning", text: `! ${many}, at the end` });
  }
  return { figures: figures.filter((text) => text !== undefined), verdicts };
}
