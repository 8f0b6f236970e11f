import { describe, expect, it } from "vitest";
import {
  exampleBand,
  exampleDistribution,
  exampleReportData,
  exampleTime,
} from "../../../../test/unit-support/examples/example-report-data.ts";
import type { ChartSpec } from "../chart-spec.ts";
import { breakGaps } from "../line-gaps.ts";
import { toClockTicks } from "../pictures/axis-numbers.ts";
import { toPicture } from "../pictures/chart-kinds.ts";
import { DARK, LIGHT } from "../theme.ts";
import { listed } from "./chart-words.ts";
import { toFailureSpans } from "./failure-spans.ts";
import { toFailureChart } from "./failures.ts";
import { toDistributionChart } from "./latency.ts";
import { toBandChart, toRateChart } from "./over-time.ts";
import { toPromptLengthChart } from "./prompt-length.ts";
import { toReportCharts } from "./report-charts.ts";
import { toSampledCharts } from "./sampled.ts";
import { toSpans, toTimelineChart } from "./slowest-requests.ts";

const wide = { theme: LIGHT, width: 500 };
const data = exampleReportData();

/** What is drawn of a chart, loosely. */
function draw(chart: ChartSpec | undefined) {
  if (chart === undefined) throw new Error("There is no chart.");
  return toPicture(chart).option(wide) as {
    series: { name: string; data: unknown[]; markArea?: object }[];
    xAxis: { min: number; max: number }[];
    yAxis: { axisLabel: { formatter: (place: number) => string }; min: number };
  };
}

function tableOf(chart: ChartSpec | undefined) {
  return chart && toPicture(chart).table();
}

describe("every chart", () => {
  it("has an id of its own, a finding in words, and a table as wide as its header", () => {
    const charts = Object.values(toReportCharts(data)).flat();
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
    for (const chart of charts) {
      expect(chart.description, chart.id).toMatch(/^[A-Z\d].*\.$/);
      expect(chart.description, chart.id).not.toMatch(/NaN|undefined|Infinity|null/);
      const picture = toPicture(chart);
      const { columns, rows } = picture.table();
      expect(rows.length, chart.id).toBeGreaterThan(0);
      for (const row of rows) expect(row, chart.id).toHaveLength(columns.length);
      for (const theme of [LIGHT, DARK]) {
        expect(JSON.stringify(picture.option({ theme, width: 320 })), chart.id).not.toMatch(/undefined|NaN/);
      }
    }
  });

  it("is left out where the run has no values for it", () => {
    const none = { p50: [null], p95: [null], max: [null], single: [] };
    const time = { ...exampleTime(), seconds: [0.5], ttftMs: none, e2eMs: none, failures: [] };
    const requestsPerSecond = { stepSeconds: 1, seconds: [0.5], values: [0] };
    const rates = { requestsPerSecond, outputTokensPerSecond: [0], inFlight: [0] };
    const nothing = { distributions: [], queueing: {}, series: [], slowest: [], time: { ...time, ...rates } };
    const charts = toReportCharts(exampleReportData({ ...nothing, scatter: { points: [] } }));
    expect(Object.values(charts).flat()).toEqual([]);
  });
});

describe("a distribution", () => {
  const chart = toDistributionChart(exampleDistribution("ttft", "TTFT", 100));

  it("says its percentiles, which are uncertain and which are certified", () => {
    expect(chart.description).toBe(
      "TTFT: half of the requests took at most 240.0 ms, 95\u00a0% at most 800.0 ms and 99\u00a0% at most 2,000 ms.",
    );
    expect(chart.legend).toContain("* p95 and p99: too few requests");
    expect(chart.legend).toContain("p90 at most 900.0 ms");
    expect(tableOf(chart)?.rows.slice(0, 3)).toEqual([
      ["p50", "240.0 ms", "not certified"],
      ["p90", "600.0 ms", "certified: at most 900.0 ms"],
      ["p95*", "800.0 ms", "not certified"],
    ]);
  });

  it("shows every bin, on a scale of magnitudes that holds the first and the last value", () => {
    const { series, xAxis } = draw(chart);
    const [histogram] = series;
    expect(histogram?.data).toHaveLength(20);
    expect(10 ** (xAxis[0]?.min ?? 9)).toBeLessThan(100);
    expect(10 ** (xAxis[0]?.max ?? 0)).toBeGreaterThan(100 * 1.2 ** 20);
  });

  it("calls no percentile of gaps uncertain: they are never certified", () => {
    expect(toDistributionChart(exampleDistribution("itl", "ITL", 10)).legend).not.toContain("*");
  });
});

describe("over time", () => {
  it("shades warm-up, cool-down and the times of failures, and breaks the lines where an interval has no value", () => {
    const chart = toBandChart(data.time, exampleBand(100), { id: "a", title: "TTFT" });
    const { series } = draw(chart);
    const [median] = series;
    const shades = series.flatMap(({ name, markArea }) => (markArea ? [[name, markArea]] : []));
    const shade = (color: string, from: number, to: number) =>
      expect.objectContaining({ itemStyle: { color }, data: [[{ xAxis: from }, { xAxis: to }]] });
    expect(shades).toEqual([
      ["warm-up", shade(LIGHT.shade, 0, 5)],
      ["cool-down", shade(LIGHT.shade, 28, 30)],
      ["failures", shade(LIGHT.badShade, 12, 14)],
    ]);
    expect(median?.data[10]).toMatchObject({ value: [10.5, null] });
    // The only request of the interval without percentiles, by its own time.
    expect(tableOf(chart)?.rows).toHaveLength(30);
    expect(tableOf(chart)?.rows[10]).toEqual(["0:10.2", "", "", "", "100.0 ms"]);
    expect(chart?.description).toContain("between 100.0 ms and 140.0 ms; the largest value was 420.0 ms.");
  });

  it("shows single requests where intervals hold too few, and says when the largest was only where it was once", () => {
    const none = data.time.seconds.map(() => null);
    const chartOf = (single: [number, number][]) =>
      toBandChart(data.time, { p50: none, p95: none, max: none, single }, { id: "a", title: "TTFT" });
    const words = (single: [number, number][]) => chartOf(single)?.description;
    expect(chartOf([[2.5, 80]])?.series.map(({ name, line }) => [name, line])).toEqual([
      ["single requests", "none"],
    ]);
    expect(words([[2.5, 80]])).toBe("TTFT: the only request took 80.00 ms.");
    const three: [number, number][] = [
      [2.5, 80],
      [2.5, 90],
      [7, 200],
    ];
    expect(words(three)).toBe(
      "TTFT: the requests lay between 80.00 ms and 200.0 ms; the largest value was 200.0 ms, about 0:07 into the run.",
    );
    // Two requests of the same moment are two rows.
    expect(tableOf(chartOf(three))?.rows).toEqual([
      ["0:02.5", "80.00 ms"],
      ["0:02.5", "90.00 ms"],
      ["0:07", "200.0 ms"],
    ]);
    expect(
      words([
        [1, 4],
        [2, 4],
      ]),
    ).toBe("TTFT: the requests lay at 4.000 ms.");
  });

  it("draws by magnitude where the largest value would press the medians flat", () => {
    const band = exampleBand(100);
    band.max[3] = 60_000;
    const chart = toBandChart(data.time, band, { id: "a", title: "TTFT" });
    const { yAxis, series } = draw(chart);
    const { formatter } = yAxis.axisLabel;
    expect([0, 1, 2].map((place) => formatter(yAxis.min + place))).toEqual(["100 ms", "1 s", "10 s"]);
    expect(series[2]?.data[3]).toMatchObject({ value: [3.5, expect.closeTo(Math.log10(600), 9)] });
  });

  it("shows a value between two gaps by its symbol, in however long a run", () => {
    const seconds = Array.from({ length: 200 }, (_, n) => n + 0.5);
    const values = seconds.map((_, n) => (n === 100 || n < 10 ? 5 : null));
    const band = { p50: values, p95: values, max: values, single: [] };
    const time = { ...data.time, seconds };
    const chart = toBandChart(time, band, { id: "a", title: "TTFT" });
    const symbols = draw(chart)
      .series.flatMap(({ data: points }) => points as { symbol: string }[])
      .map(({ symbol }) => symbol);
    expect([symbols[5], symbols[100]]).toEqual(["none", "circle"]);
  });

  it("shades no failures that lie all over the run, and none of requests that the end interrupted", () => {
    const time = exampleTime();
    const everywhere = [{ verdict: "cut", counts: time.seconds.map((_, n) => n % 4) }];
    const atTheEnd = [{ verdict: "interrupted", counts: time.seconds.map((_, n) => (n === 29 ? 4 : 0)) }];
    expect(toFailureSpans({ ...time, failures: everywhere })).toEqual([]);
    expect(toFailureSpans({ ...time, failures: atTheEnd })).toEqual([]);
    expect(toFailureSpans(time)).toEqual([{ from: 12, to: 14 }]);
  });

  it("has its labels at round times, wherever sampling began", () => {
    expect(toClockTicks(-0.8, 47.2, 10)).toEqual([0, 10, 20, 30, 40]);
    expect(toClockTicks(0, 60.5, 10)).toEqual([0, 10, 20, 30, 40, 50]);
  });

  it("leaves an interval without a rate out of the line and of the table", () => {
    const words = { id: "a", title: "Requests", unit: "requests/s", colour: 0 };
    const chart = toRateChart(exampleTime(), [1, 3, null], words);
    expect(chart?.description).toContain("2 on average");
    expect(tableOf(chart)?.rows).toHaveLength(2);
  });

  it("says mean and largest value of a rate", () => {
    const chart = toRateChart(exampleTime(), [1, 3], {
      id: "a",
      title: "Requests",
      unit: "requests/s",
      colour: 0,
    });
    expect(chart?.description).toBe(
      "Requests: 2 on average over the whole run, at most 3, about 0:01 into the run.",
    );
  });
});

describe("failures", () => {
  it("happened mostly at one time only where they did", () => {
    const words = (counts: number[]) =>
      toFailureChart({ ...exampleTime(), failures: [{ verdict: "cut", counts }] })?.description;
    const at = (counts: Record<number, number>) => exampleTime().seconds.map((_, n) => counts[n] ?? 0);
    expect(words(at({ 3: 1 }))).toBe(
      "1 request did not complete: 1 × cut. It ended about 0:03 into the run.",
    );
    expect(words(at({ 3: 4 }))).toContain("All of them ended about 0:03 into the run.");
    expect(words(at({ 0: 2, 9: 1, 20: 1 }))).toContain(
      "They ended between 0:00 and 0:21, at most 2 of them in 1 s.",
    );
  });

  it("are counted by verdict and interval, those without any left out of the table", () => {
    const chart = toFailureChart(exampleTime());
    expect(chart?.description).toBe(
      "9 requests did not complete: 5 × cut and 4 × refused. Most of them about 0:12 into the run (7 in 1 s).",
    );
    expect(tableOf(chart)).toEqual({
      columns: ["from", "cut", "refused"],
      rows: [
        ["0:12", "5", "2"],
        ["0:13", "0", "2"],
      ],
    });
  });
});

describe("prompt length", () => {
  it("compares the median TTFT of shorter and longer prompts", () => {
    const chart = toPromptLengthChart({
      points: [
        [10, 100, 1],
        [20, 110, 1],
        [300, 500, 1],
        [400, 600, 1],
      ],
    });
    expect(chart?.description).toBe(
      "The median TTFT is 100.0 ms for prompts of up to 20 tokens, and 500.0 ms for longer ones.",
    );
    expect(toPromptLengthChart({ points: [[10, 100, 7]] })?.description).toContain(
      "All prompts have about 10 tokens",
    );
  });
});

describe("sampled series", () => {
  it("share a chart by group and unit, four at most", () => {
    expect(toSampledCharts(data).map(({ title }) => title)).toEqual([
      "Server: requests and slots",
      "CPU of the server",
      "Memory of the server",
    ]);
    const many = Array.from({ length: 5 }, (_, n) => ({
      ...(data.series[0] as (typeof data.series)[0]),
      key: `${n}`,
    }));
    const charts = toSampledCharts({ ...data, series: many });
    expect(charts.map(({ id }) => id)).toEqual(["sampled-server-count", "sampled-server-count-2"]);
  });

  it("are broken where samples are missing for longer than usual", () => {
    expect(
      breakGaps([
        { x: 1, y: 5 },
        { x: 2, y: 6 },
        { x: 3, y: 7 },
        { x: 9, y: 8 },
      ]),
    ).toEqual([
      { x: 1, y: 5 },
      { x: 2, y: 6 },
      { x: 3, y: 7 },
      { x: 6, y: undefined },
      { x: 9, y: 8 },
    ]);
  });
});

describe("timelines", () => {
  const base = { row: "1", verdict: "complete", startSeconds: 0, tokensMs: [], endMs: 1000 };

  it("follow a request from part to part", () => {
    const moments = { connectedMs: 5, sentMs: 6, headersMs: 100, firstTokenMs: 400, lastTokenMs: 990 };
    expect(toSpans({ ...base, ...moments })).toEqual([
      { part: "connect", from: 0, to: 6 },
      { part: "wait for headers", from: 6, to: 100 },
      { part: "wait for the first token", from: 100, to: 400 },
      { part: "tokens", from: 400, to: 990 },
      { part: "until the end", from: 990, to: 1000 },
    ]);
  });

  it("end in what a failed request was waiting for", () => {
    expect(toSpans({ ...base, sentMs: 5 })).toEqual([
      { part: "connect", from: 0, to: 5 },
      { part: "wait for headers", from: 5, to: 1000 },
    ]);
    expect(toSpans(base)).toEqual([{ part: "connect", from: 0, to: 1000 }]);
  });

  it("say what took longest, and how many failed", () => {
    expect(toTimelineChart(data.slowest)?.description).toBe(
      "The slowest request took 3,000 ms, 2,580 ms of it in one part: tokens; 2 of the 10 did not complete.",
    );
  });
});

it("lists words as a sentence does", () => {
  expect([listed([]), listed(["a"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]);
});
