import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Box, doBoxesMeet, doesLineMeet } from "./box.ts";
import { FLAG_GAP, placeFlags } from "./flag-places.ts";
import { LABEL_SIZE, placeLabels } from "./label-places.ts";
import { shortenMiddle, toTextWidth } from "./text-width.ts";

// The same cases in every run, so that the test is deterministic.
fc.configureGlobal({ seed: 20_261_124 });

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });

it.each([
  ["through it", { x1: 0, y1: 5, x2: 20, y2: 5 }, true],
  ["from inside", { x1: 12, y1: 5, x2: 40, y2: 40 }, true],
  ["past a corner", { x1: 0, y1: 9, x2: 9, y2: 0 }, false],
  ["beside it, upright", { x1: 9, y1: 0, x2: 9, y2: 20 }, false],
  ["towards it, but not as far", { x1: 0, y1: 5, x2: 9, y2: 5 }, false],
  ["a point in it", { x1: 12, y1: 5, x2: 12, y2: 5 }, true],
])("a line meets a box: %s", (_, line, expected) => {
  expect(doesLineMeet(line, box(10, 2, 10, 6))).toBe(expected);
});

it("a text is cut in its middle, and only as far as it must be", () => {
  expect(shortenMiddle("SmolLM2, left", 12, 200)).toBe("SmolLM2, left");
  const short = shortenMiddle("Qwen2.5-0.5B-Instruct-Q4_K_M, host.example.org", 12, 200);
  expect(short).toMatch(/^Qwen2.5.*….*example.org$/);
  expect(toTextWidth(short, 12)).toBeLessThanOrEqual(200);
  expect(toTextWidth(short, 12)).toBeGreaterThan(180);
});

describe("flags", () => {
  const flag = (x: number, name = "p50 104.9 ms") => ({ x, texts: [name, name.slice(0, 3)] });

  it("have their labels to the right, the first on top, where there is room", () => {
    expect(placeFlags([flag(50), flag(60), flag(70)], { from: 0, to: 300 })).toEqual([
      { text: "p50 104.9 ms", isLeft: false, level: 2 },
      { text: "p50 104.9 ms", isLeft: false, level: 1 },
      { text: "p50 104.9 ms", isLeft: false, level: 0 },
    ]);
  });

  it("have labels that no line of another crosses, at any positions, and whole texts where those fit", () => {
    const positions = fc.array(fc.integer({ min: 40, max: 330 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(positions, (xs) => {
        const sorted = xs.sort((a, b) => a - b);
        const places = placeFlags(
          sorted.map((x) => flag(x)),
          { from: 0, to: 345 },
        );
        expect(new Set(places.map(({ level }) => level)).size).toBe(places.length);
        for (const [at, { text, isLeft, level }] of places.entries()) {
          expect(text).not.toBe("");
          const x = sorted[at] as number;
          const width = toTextWidth(text, LABEL_SIZE);
          const from = isLeft ? x - FLAG_GAP - width : x + FLAG_GAP;
          expect(from).toBeGreaterThanOrEqual(0);
          expect(from + width).toBeLessThanOrEqual(345);
          for (const [other, place] of places.entries()) {
            const line = sorted[other] as number;
            if (place.level > level) expect(line > from && line < from + width).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("say less where the whole texts do not fit, and nothing where nothing does", () => {
    expect(placeFlags([flag(30)], { from: 0, to: 70 })).toEqual([{ text: "p50", isLeft: false, level: 0 }]);
    expect(placeFlags([flag(10)], { from: 0, to: 20 })).toEqual([{ text: "", isLeft: false, level: 0 }]);
  });
});

describe("labels of points", () => {
  const area = box(0, 0, 400, 300);
  const nothing = { lines: [], boxes: [] };

  it("are above their points, or where they touch neither lines nor other labels", () => {
    const curve = { x1: 0, y1: 300, x2: 200, y2: 100 };
    const up = { x1: 200, y1: 100, x2: 200, y2: 0 };
    const point = { x: 200, y: 100, text: "16 clients" };
    const [free] = placeLabels([point], nothing, area);
    expect(free?.y).toBeLessThan(100);
    const [beside] = placeLabels([point], { lines: [curve, up], boxes: [] }, area);
    expect(beside && [curve, up].some((line) => doesLineMeet(line, beside))).toBe(false);
    expect(beside?.x).toBeGreaterThan(200 - (beside?.width ?? 0) / 2);
  });

  it("never meet, however many there are: those without room are left out", () => {
    const points = Array.from({ length: 40 }, (_, at) => ({ x: 100 + at, y: 150, text: `${at} clients` }));
    const boxes = placeLabels(points, nothing, area).filter((found) => found !== undefined);
    expect(boxes.length).toBeGreaterThan(3);
    expect(boxes.length).toBeLessThan(40);
    for (const [at, one] of boxes.entries())
      for (const other of boxes.slice(at + 1)) expect(doBoxesMeet(one, other)).toBe(false);
  });
});
