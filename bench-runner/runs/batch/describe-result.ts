// One run of a batch as a line for the terminal, with its warnings below. Pure.
import { formatValue } from "../../../lib/core/units.ts";
import type { Summary } from "../../summary/summary.ts";

/** "20 requests, 1 failed, TTFT p95 12.3 ms, 130 tokens/s → FOLDER". */
export function describeResult({ requests, metrics, throughput, warnings }: Summary, folder: string): string {
  const { ttft, e2e } = metrics;
  const complete = requests.byVerdict.complete ?? 0;
  const failed =
    requests.measured - complete - (requests.byVerdict.interrupted ?? 0) - (requests.byVerdict.aborted ?? 0);
  const facts = [
    `${complete} ${complete === 1 ? "request" : "requests"} complete`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(ttft === undefined ? [] : [`TTFT p95 ${formatValue(ttft.p95, "ms")}`]),
    ...(e2e === undefined ? [] : [`E2E p95 ${formatValue(e2e.p95, "ms")}`]),
    ...(throughput === undefined ? [] : [`${formatValue(throughput.outputTokensPerSecond, "tokens/s")}`]),
  ];
  return [`  ${facts.join(", ")}`, `  ${folder}`, ...warnings.map(({ text }) => `  ! ${text}`)].join("\n");
}
