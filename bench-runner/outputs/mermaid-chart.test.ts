import { expect, test } from "vitest";
import { renderMermaid } from "./mermaid-chart.ts";

test("a histogram is a bar chart whose bars have different labels", () => {
  const text = renderMermaid("TTFT", {
    bins: [
      [100.01, 100.04, 3],
      [100.04, 2500, 0],
      [2500, 5000, 12],
    ],
  });
  expect(text.split("\n")).toEqual([
    "```mermaid",
    "xychart-beta",
    '    title "TTFT of 15 requests"',
    '    x-axis "from … ms" ["100.01", "100.04", "2500"]',
    '    y-axis "requests" 0 --> 12',
    "    bar [3, 0, 12]",
    "```",
  ]);
});
