// A histogram as a mermaid chart, which GitHub and GitLab draw inside Markdown. Pure.
//
// `xychart-beta` is the keyword that every version with such charts accepts: https://mermaid.js.org/syntax/xyChart
import { toDigits } from "../../lib/core/units.ts";
import type { Histogram } from "../statistics/histogram-bins.ts";

/** @param name the name of the values, such as "TTFT" */
export function renderMermaid(name: string, { bins }: Histogram): string {
  const counts = bins.map(([, , count]) => count);
  const highest = Math.max(...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return [
    "```mermaid",
    "xychart-beta",
    `    title "${name} of ${total} requests"`,
    `    x-axis "from … ms" [${toLabels(bins.map(([from]) => from)).join(", ")}]`,
    `    y-axis "requests" 0 --> ${highest}`,
    `    bar [${counts.join(", ")}]`,
    "```",
  ].join("\n");
}

/** As short as possible without two equal labels, which the chart would draw as one bar. */
function toLabels(edges: number[]): string[] {
  for (let digits = 3; ; digits += 1) {
    const labels = edges.map((edge) => `"${toDigits(edge, digits)}"`);
    if (digits >= 17 || new Set(labels).size === labels.length) return labels;
  }
}
