// The table of figures: complete, with unique names, and with the same numbers as summary.csv.
import { describe, expect, test } from "vitest";
import { STATISTICS } from "../../lib/core/goals/requirement.ts";
import { SUBJECTS } from "../../lib/core/goals/requirement-subjects.ts";
import { toDigits } from "../../lib/core/units.ts";
import { exampleSummary } from "../../test/unit-support/examples/example-summary.ts";
import { renderCsv } from "../outputs/render-csv.ts";
import { type FigureKey, findFigure, SHOWN, toFigureKey } from "./figures.ts";

const keys = SUBJECTS.flatMap(({ key, hasStatistic }): FigureKey[] =>
  hasStatistic ? STATISTICS.map((statistic) => toFigureKey(key, statistic)) : [toFigureKey(key)],
);
const figures = [...new Set([...keys, ...Object.values(SHOWN).flat()])].map(findFigure);

describe("the figures of a run", () => {
  test("have titles, short titles and columns of their own", () => {
    for (const name of ["key", "title", "short", "column"] as const) {
      const names = figures.map((figure) => figure[name]);
      expect(new Set(names).size, name).toBe(names.length);
    }
  });

  test("have readable names", () => {
    const words = (key: FigureKey) => {
      const { title, short, unit, better } = findFigure(key);
      return [title, short, unit, better];
    };
    expect(words("outputTokensPerSecond")).toEqual([
      "Output tokens per second",
      "output tokens/s",
      "tokens/s",
      "higher",
    ]);
    expect(words("ttft.median")).toEqual(["TTFT median", "TTFT p50", "ms", "lower"]);
    expect(words("ttft.p95.certified")).toEqual(["TTFT p95 certified", "TTFT p95 certified", "ms", "lower"]);
    expect(words("e2e.count")).toEqual(["E2E count", "E2E count", "count", "lower"]);
    expect(words("promptTokens.mean")).toEqual([
      "Prompt tokens mean",
      "Prompt tokens mean",
      "tokens",
      undefined,
    ]);
  });

  test("are the numbers of summary.csv under their columns", () => {
    const summary = exampleSummary();
    const [names = "", row = ""] = renderCsv([summary]).split("\n");
    const cells = new Map(names.split(",").map((name, index) => [name, row.split(",")[index] ?? ""]));
    const shared = figures.filter(({ column }) => cells.has(column));
    // The counts by verdict and the rates of arrivals have columns with other names.
    expect(figures.length - shared.length).toBeLessThan(6);
    for (const { key, column, of } of shared) {
      const value = of(summary);
      expect(cells.get(column), key).toBe(value === undefined ? "" : String(toDigits(value)));
    }
  });

  test("are absent if there is nothing to read, never 0", () => {
    for (const { key, of } of figures) expect(of({}), key).toBeUndefined();
    expect(
      findFigure("failed").of({ requests: { started: 1, measured: 1, byVerdict: {}, byFlag: {} } }),
    ).toBe(0);
  });

  test("of several GPUs are known only if each GPU reports them", () => {
    const toGpus = (...peaks: (number | undefined)[]) => ({
      devices: peaks.map((peak, index) => ({
        index,
        name: "H100",
        ...(peak !== undefined && { peakMemoryBytes: peak }),
      })),
      absent: [],
    });
    const { of } = findFigure("gpuMemory");
    expect(of({ gpus: toGpus(1, 2) })).toBe(3);
    expect(of({ gpus: toGpus(1, undefined) })).toBeUndefined();
  });
});
