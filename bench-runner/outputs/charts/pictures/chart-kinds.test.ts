import { describe, expect, it } from "vitest";
import {
  exampleLines,
  exampleLying,
  exampleTradeOff,
  exampleUpright,
} from "../../../../test/unit-support/examples/example-chart-page.ts";
import type { LinesChart } from "../chart-spec.ts";
import { LIGHT } from "../theme.ts";
import { toPicture } from "./chart-kinds.ts";
import { toBottomAxis, toValueAxis } from "./plot-axis.ts";

const look = { theme: LIGHT, width: 600 };
/** As the browser has it: out of the page's JSON, where what is undefined is null or gone. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

interface Drawn {
  xAxis: { type: string; data?: string[]; min?: number; max?: number };
  yAxis: { type: string; data?: string[]; min?: number };
  series: { type: string; name: string; data: unknown[]; markLine?: { data: unknown[] } }[];
}
const draw = (chart: Parameters<typeof toPicture>[0]) => toPicture(chart).option(look) as unknown as Drawn;

describe("lines", () => {
  it("break where a value is not known, and leave out what has no place among magnitudes", () => {
    const { series } = draw(sent(exampleLines()));
    const values = (name: string) =>
      series
        .find((one) => one.name === name && one.type === "line")
        ?.data.map((item) => (item as { value: [number, number | null] }).value[1]);
    expect(values("baseline")?.map((value) => value === null)).toEqual([
      ...[false, false, true, false, false, false],
    ]);
    expect(values("of nothing")).toEqual([null]);
    expect(values("llama-server b10068")?.every((value) => typeof value === "number")).toBe(true);
  });

  it("show a whisker at each value with both ends, and at no other", () => {
    const { series } = draw(sent(exampleLines()));
    const whiskers = series.filter(({ type }) => type === "custom");
    expect(whiskers.map(({ name, data }) => [name, data.length])).toEqual([["llama-server b10068", 6]]);
  });

  it("are in a table with one column each where they share positions, else with a row a point", () => {
    expect(toPicture(sent(exampleLines())).table().columns).toEqual([
      ...["clients", "llama-server b10068", "baseline", "of nothing"],
    ]);
    const { columns, rows } = toPicture(sent(exampleTradeOff())).table();
    expect(columns).toEqual(["", "label", "output tokens per second", "TTFT median"]);
    expect(rows[1]).toEqual([
      ...["this server", "2 clients", "230.0 tokens/s"],
      { text: "80.00 ms", href: "run-2/report.html" },
    ]);
  });

  it("have marks on the axis that they name, within its extent", () => {
    const chart: LinesChart = { ...exampleTradeOff(), marks: [{ axis: "x", at: 900, label: "far" }] };
    const { xAxis, series } = draw(chart);
    expect(xAxis.max).toBeGreaterThan(900);
    const flags = series.filter(({ name }) => name.startsWith("marks"));
    expect(flags.map(({ data }) => data)).toEqual([[[900, 0, 0]], [[900, 0, 0]]]);
  });

  it("have limits across the chart, which the legend names, and labels in a series of their own", () => {
    const { legend, series } = draw(exampleLines()) as Drawn & { legend: { data: unknown[] } };
    expect(legend.data.at(-1)).toMatchObject({ name: "limit 500 ms" });
    expect(series.find(({ name }) => name === "limit 500 ms")?.markLine?.data).toMatchObject([
      { yAxis: expect.any(Number) },
    ]);
    expect(draw(exampleTradeOff()).series.at(-1)).toMatchObject({ name: "labels" });
  });

  it("lead from a point to its run", () => {
    const picture = toPicture(sent(exampleTradeOff()));
    expect(picture.hrefOf?.(0, 3)).toBe("run-8/report.html");
    expect(picture.hrefOf?.(1, 0)).toBeUndefined();
    expect(picture.stops().length).toBe(9);
  });

  it("without any point are an empty picture, not an error", () => {
    const chart: LinesChart = { ...exampleLines(), series: [], marks: [] };
    expect(draw(chart).series).toEqual([]);
    expect(toPicture(chart).table().rows).toEqual([]);
  });
});

describe("bars", () => {
  it("are upright with short names, and lie where names need room", () => {
    expect(draw(exampleUpright()).xAxis.data).toEqual(["llama-server", "vLLM", "SGLang"]);
    expect(draw(exampleLying()).yAxis.data).toHaveLength(3);
  });

  it("have a gap where there is no value: in the picture, the table and the keyboard's stops", () => {
    const picture = toPicture(sent(exampleUpright()));
    const [, seven] = (picture.option(look) as unknown as Drawn).series;
    expect(seven?.data.map((item) => (item as { value: unknown }).value)).toEqual([48.1, "-", 61]);
    expect(picture.table().rows[1]).toEqual(["vLLM", "211.0 tokens/s", ""]);
    expect(picture.stops()).not.toContainEqual([1, 1]);
  });

  it("give a range after the value", () => {
    expect(toPicture(sent(exampleLying())).table().rows[0]?.[1]).toBe("12.40 ms (11.10 ms to 14.00 ms)");
  });
});

describe("axes", () => {
  it("begin at 0, except with negative values and magnitudes", () => {
    expect(toValueAxis({ title: "" }, [3, 9]).option).toEqual({ min: 0 });
    expect(toValueAxis({ title: "" }, [-3, 9]).option).toEqual({});
    expect(toValueAxis({ title: "", unit: "share" }, [0.9, 1]).option).toMatchObject({ min: 0, max: 1 });
    const log = toValueAxis({ title: "", scale: "log" }, [0, 1, 100]);
    expect(log.place(0)).toBeUndefined();
    expect((log.place(100) ?? 0) - (log.place(1) ?? 0)).toBeCloseTo(2, 9);
    expect(log.formatTick(log.place(20) as number)).toBe("20");
  });

  it("label a few whole numbers where they lie", () => {
    expect(toBottomAxis({ title: "clients", unit: "count" }, [1, 4, 2, 4], 600).option.ticks).toEqual([
      1, 2, 4,
    ]);
    expect(toBottomAxis({ title: "rate", unit: "requests/s" }, [1, 4, 2], 600).option.ticks).toBeUndefined();
  });

  it("have room for one value alone", () => {
    const { option, place } = toBottomAxis({ title: "clients", unit: "count", scale: "log" }, [8], 600);
    expect(option.ticks).toEqual([place(8)]);
    expect(option.max).toBeGreaterThan(place(8) as number);
  });
});
