// A page with every kind of chart, for tests: gaps, whiskers, marks, magnitudes, long names, links.

import type { ChartPage } from "../../../bench-runner/outputs/chart-page/chart-page.ts";
import type { BarsChart, LinesChart } from "../../../bench-runner/outputs/charts/chart-spec.ts";
import { renderHtmlTable } from "../../../bench-runner/outputs/table/html-table.ts";

const CLIENTS = [1, 2, 4, 8, 16, 32];

export function exampleLines(): LinesChart {
  return {
    ...{ kind: "lines", id: "lines-shared", title: "TTFT over clients" },
    description: "TTFT over clients: it rises from 40 ms to 1.3 s, faster from 8 clients on.",
    x: { title: "clients", unit: "count", scale: "log" },
    y: { title: "TTFT p95", unit: "ms", scale: "log" },
    series: [
      {
        name: "llama-server b10068",
        points: CLIENTS.map((x) => ({
          x,
          y: 40 * x,
          low: 36 * x,
          high: 47 * x,
          href: `run-${x}/report.html`,
        })),
      },
      {
        ...{ name: "baseline", dashed: true },
        points: CLIENTS.map((x) => ({ x, y: x === 4 ? undefined : 55 * x ** 0.9 })),
      },
      // It has no position on a logarithmic axis.
      { name: "of nothing", points: [{ x: 1, y: 0 }] },
    ],
    marks: [{ axis: "y", at: 500, label: "limit 500 ms" }],
  };
}

export function exampleTradeOff(): LinesChart {
  return {
    ...{ kind: "lines", id: "trade-off", title: "Throughput against latency" },
    description: "More clients give more tokens a second until 8, from there only longer waits.",
    x: { title: "output tokens per second", unit: "tokens/s" },
    y: { title: "TTFT median", unit: "ms" },
    series: [
      {
        name: "this server",
        points: CLIENTS.map((clients, at) => ({
          x: [120, 230, 420, 610, 640, 630][at] ?? 0,
          y: 40 + clients * 20,
          label: `${clients} clients`,
          href: `run-${clients}/report.html`,
        })),
      },
      { name: "goals", line: "none", points: [{ x: 500, y: 200, label: "goal" }] },
      {
        name: "best so far",
        line: "step",
        points: [
          { x: 120, y: 60 },
          { x: 640, y: 360 },
        ],
      },
    ],
    marks: [{ axis: "x", at: 600, label: "asked for" }],
  };
}

export function exampleUpright(): BarsChart {
  return {
    ...{ kind: "bars", id: "bars-upright", title: "Output tokens per second" },
    description: "The small model is three times as fast on both servers.",
    y: { title: "tokens/s", unit: "tokens/s" },
    categories: ["llama-server", "vLLM", "SGLang"],
    series: [
      { name: "0.5B", values: [152.4, 211, 198], hrefs: ["a/report.html", undefined, "b/report.html"] },
      { name: "7B", values: [48.1, undefined, 61] },
    ],
  };
}

export function exampleLying(): BarsChart {
  return {
    ...{ kind: "bars", id: "bars-lying", title: "TTFT of each workload", isWide: true },
    description: "Long prompts wait longest; whiskers are the range of five repeats.",
    y: { title: "TTFT", unit: "ms", scale: "log" },
    categories: ["chat, short questions", "retrieval with 8,000 tokens", "code completion"],
    series: ["p50", "p95", "p99"].map((name, at) => ({
      name,
      values: [12.4, 830, at === 2 ? undefined : 31].map((ms) => ms && ms * (at + 1)),
      low: [11.1, 700, 25].map((ms) => ms * (at + 1)),
      high: [14, 1020, at === 2 ? undefined : 44].map((ms) => ms && ms * (at + 1)),
    })),
  };
}

export function exampleChartPage(): ChartPage {
  return {
    title: "Two servers, two models",
    subtitle: "Made from `runs/a` and `runs/b`: 12 runs.",
    verdict: { ok: false, text: "`ttft.p95 <= +10%` does not hold: it is 14 % higher." },
    sections: [
      {
        ...{ id: "throughput", heading: "Throughput", charts: [exampleUpright(), exampleTradeOff()] },
        intro: "Bars are medians; a missing bar is a run that was not made.",
      },
      { id: "latency", heading: "Latency", charts: [exampleLines(), exampleLying()] },
      {
        id: "numbers",
        heading: "Numbers",
        html: renderHtmlTable("Numbers", {
          columns: [{ title: "" }, { title: "TTFT", align: "right" }],
          rows: [["a", { text: "12.4 ms", href: "a/report.html" }]],
        }),
      },
    ],
  };
}
