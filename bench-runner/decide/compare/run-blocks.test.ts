// Blocks of time of a real journal's lines: together they give the figures of the summary.
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import { toVerdict } from "../../../lib/core/request/verdict.ts";
import { request } from "../../../test/unit-support/examples/example-journal.ts";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Window } from "../../summary/summary.ts";
import { ThroughputSums } from "../../summary/throughput.ts";
import { toQuantiles } from "./gap-blocks.ts";
import { RunBlocks } from "./run-blocks.ts";

const window: Window = { startMs: 0, endMs: 10_000, seconds: 10, endedBy: "duration" };
const random = createRandom(3);
const lines = Array.from({ length: 300 }, (_, id) => {
  const startMs = random() * 9990;
  const isCut = id % 10 === 0;
  return request(id, startMs, {
    labels: { phase: id % 50 === 1 ? "warmup" : "measure" },
    ...(isCut && { ended: "error", error: { kind: "reset", message: "reset" }, fields: {} }),
  });
});
const blocks = new RunBlocks(
  exampleSummary({ requests: { ...exampleSummary().requests, measured: 294 } }),
  window,
  [{ metric: "ttft", limitMs: 99.5 }],
);
for (const line of lines) blocks.add(line);

describe("rates by block", () => {
  const sums = new ThroughputSums(window);
  for (const line of lines) sums.add(line, toVerdict(line));
  const whole = sums.toThroughput();
  const rates = blocks.toRates();

  it.each(["requestsPerSecond", "outputTokensPerSecond", "totalTokensPerSecond"] as const)(
    "%s: their mean is the whole window's",
    (key) => {
      const mean = rates[key].reduce((sum, rate) => sum + rate, 0) / rates[key].length;
      expect(mean).toBeCloseTo(whole[key] as number, 8);
      expect(new Set(rates[key]).size).toBeGreaterThan(5);
    },
  );
});

describe("shares and values by block", () => {
  const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);
  const measured = lines.filter(({ labels }) => labels.phase === "measure");
  const complete = measured.filter(({ ended }) => ended === "marker");

  it("count the measured requests only", () => {
    expect(total(blocks.shares.success.all)).toBe(measured.length);
    expect(total(blocks.shares.success.counted)).toBe(complete.length);
    expect(total(blocks.shares.truncated.all)).toBe(complete.length);
    expect(total(blocks.shares.truncated.counted)).toBe(0);
  });

  it("goodput is judged request by request", () => {
    expect(total(blocks.shares.goodput.counted)).toBe(complete.length);
  });

  it("each complete request's value is in the block in which it began", () => {
    const found = blocks.toValues("ttft");
    expect(found?.values.length).toBe(complete.length);
    const [first] = complete;
    expect(found?.blocks[0]).toBe(Math.floor(((first?.startMs ?? 0) / 10_000) * blocks.count));
  });
});

describe("quantiles of counted values", () => {
  it("are those of the values written out", () => {
    const quantile = toQuantiles({
      values: Float64Array.of(1, 2, 5),
      counts: Float64Array.of(3, 1, 1),
      total: 5,
    });
    expect([0, 0.5, 0.75, 0.875, 1].map(quantile)).toEqual([1, 1, 2, 3.5, 5]);
  });
});
