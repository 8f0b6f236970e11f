import { describe, expect, test } from "vitest";
import { exampleSummary } from "../../test/unit-support/examples/example-summary.ts";
import type { Summary } from "../summary/summary.ts";
import { renderRepeats, renderRepeatsCsv, renderRepeatsMarkdown, renderThroughput } from "./repeats.ts";

const withThroughput = (requestsPerSecond: number, success?: number): Summary => ({
  ...exampleSummary(),
  throughput: { requestsPerSecond, outputTokensPerSecond: requestsPerSecond * 100 },
  rates: success === undefined ? {} : { success },
});

describe("renderRepeats", () => {
  const lines = renderRepeats([withThroughput(2, 1), withThroughput(4, 0.5), withThroughput(3)]).split("\n");
  const cells = (start: string) => lines.find((line) => line.startsWith(start))?.split(/ {2,}/);

  test("one column per run, after the median and the range", () => {
    expect(lines[0]?.split(/ {2,}/)).toEqual(["", "median", "range", "#1", "#2", "#3"]);
    expect(cells("Requests per second")).toEqual([
      "Requests per second (requests/s)",
      ...["3.000", "2.000…4.000", "2.000", "4.000", "3.000"],
    ]);
  });

  test("a figure that a run lacks is in neither", () => {
    expect(cells("Success rate")).toEqual(["Success rate (%)", "75", "50…100", "100", "50"]);
  });

  test("a figure that no run has gets no line", () => {
    expect(cells("Total tokens")).toBeUndefined();
  });

  test.each([60, 72, 80, 100, 120, 160, 200])("fits %i columns: the last runs are left out", (width) => {
    const many = Array.from({ length: 40 }, (_, index) => withThroughput(1000 + index, 1));
    const text = renderRepeats(many, { width }).split("\n");
    for (const line of text) expect(line.length).toBeLessThanOrEqual(width);
    expect(text[0]).toMatch(/median +range/);
    const shown = text[0]?.match(/#/g)?.length ?? 0;
    expect(text.at(-1)).toBe(`#${shown + 1}…#40: see their folders`);
  });

  test("shows every run in Markdown", () => {
    expect(renderRepeatsMarkdown([withThroughput(2, 1), withThroughput(4, 0.5)]).split("\n")).toContain(
      "| Success rate (%) | 75 | 50…100 | 100 | 50 |",
    );
  });

  test("shows the throughput and nothing else where that is asked for", () => {
    const shown = renderRepeats([withThroughput(2, 1), withThroughput(4, 1)], { throughputOnly: true });
    expect(shown.split("\n").map((line) => line.split(/ {2,}/)[0])).toEqual([
      "",
      "Requests per second (requests/s)",
      "Output tokens per second (tokens/s)",
    ]);
  });

  test("has a row for each figure in CSV, with median, range and every run", () => {
    const csv = renderRepeatsCsv([withThroughput(2, 1), withThroughput(4), withThroughput(3)]).split("\n");
    expect(csv[0]).toBe("figure,unit,median,min,max,repeat_1,repeat_2,repeat_3");
    expect(csv[1]).toBe("requestsPerSecond,requests/s,3,2,4,2,4,3");
    expect(csv).toContain("success,0 to 1,1,1,1,1,,");
  });

  test("repeats that differ in cached prompts are a loud doubt, in the table and below it", () => {
    const cached = (share: number): Summary => ({
      ...withThroughput(2, 1),
      tokens: { prompt: 1000, cached: share * 1000, estimatedRequests: 0 },
    });
    const uneven = renderRepeats([cached(0.12), cached(0.93), cached(0.99)]).split("\n");
    expect(uneven.find((line) => line.includes("from the cache"))?.split(/ {2,}/)).toEqual([
      "! Prompt tokens from the cache (%)",
      ...["93", "12…99", "12", "93", "99"],
    ]);
    expect(uneven.at(-2)).toBe(
      "! The repeats are not alike: 12 % of the prompt tokens came from the server's cache in #1 and 99 % in #3, so TTFT does not measure the same work.",
    );
    expect(uneven.at(-1)).toMatch(/^→ .*`--reset-cache auto`/);
    expect(renderRepeatsMarkdown([cached(0.12), cached(0.99)])).toContain(
      "> **The repeats are not alike: 12 %",
    );
    for (const render of [renderRepeats, renderRepeatsMarkdown]) {
      expect(render([cached(0.12), cached(0.13), cached(0.2)])).not.toMatch(/!|not alike/);
    }
  });

  test("reports that there was no run", () => expect(renderRepeats([])).toBe("No run was measured."));
});

test("renderThroughput prints one figure per line and nothing else", () => {
  expect(renderThroughput(withThroughput(2))).toBe(
    "Requests per second       2.000 requests/s\nOutput tokens per second    200.0 tokens/s",
  );
});
