import { describe, expect, it } from "vitest";
import { type AbortOptions, checkAborts, createAborts } from "./abort.ts";

const some: AbortOptions = { abortShare: 0.3, abortAfterTokens: 5, seed: 42 };

/** The iterations, of the first 10,000, whose requests hang up. */
function leaving(options: AbortOptions): number[] {
  const abortOf = createAborts(options);
  return Array.from({ length: 10_000 }, (_, iteration) => iteration).filter(
    (iteration) => Object.keys(abortOf(iteration)).length > 0,
  );
}

describe("which requests hang up", () => {
  it("the share that was asked for", () => {
    expect(leaving(some).length).toBeGreaterThan(2900);
    expect(leaving(some).length).toBeLessThan(3100);
  });

  it("none at 0, all at 1", () => {
    expect(leaving({ ...some, abortShare: 0 })).toEqual([]);
    expect(leaving({ ...some, abortShare: 1 })).toHaveLength(10_000);
  });

  it("the same ones for the same seed, others for another", () => {
    expect(leaving(some)).toEqual(leaving({ ...some }));
    const others = new Set(leaving({ ...some, seed: 43 }));
    const both = leaving(some).filter((iteration) => others.has(iteration)).length;
    expect(both).toBeGreaterThan(800); // 9 % by chance
    expect(both).toBeLessThan(1000);
  });

  it("with no pattern from one to the next", () => {
    const found = new Set(leaving(some));
    const pairs = [...found].filter((iteration) => found.has(iteration + 1)).length;
    expect(pairs / found.size).toBeGreaterThan(0.25);
    expect(pairs / found.size).toBeLessThan(0.35);
  });

  it("at every moment that was given", () => {
    const all = { abortShare: 1, seed: 1 };
    expect(createAborts({ ...all, abortAfterMs: 100 })(0)).toEqual({ abortAfterMs: 100 });
    expect(createAborts({ ...all, abortAfterMs: 100, abortAfterTokens: 7 })(0)).toEqual({
      abortAfterMs: 100,
      abortAfterTokens: 7,
    });
  });
});

describe("options that contradict each other", () => {
  it("a share without a moment is refused, with both ways to say when", () => {
    expect(() => checkAborts({ abortShare: 0.3, seed: 1 })).toThrow(
      "`--abort-share` (SERVER_BENCH_ABORT_SHARE) is `0.3`, but nothing says when those requests hang up: add `--abort-after-tokens 10`",
    );
  });

  it.each([
    ["abortAfterMs", "`--abort-after-ms` (SERVER_BENCH_ABORT_AFTER_MS) says when"],
    ["abortAfterTokens", "`--abort-after-tokens` (SERVER_BENCH_ABORT_AFTER_TOKENS) says when"],
  ])("a moment (%s) without a share is refused", (key, message) => {
    expect(() => checkAborts({ abortShare: 0, seed: 1, [key]: 100 })).toThrow(message);
  });

  it("neither, or both, is fine", () => {
    expect(() => checkAborts({ abortShare: 0, seed: 1 })).not.toThrow();
    expect(() => checkAborts(some)).not.toThrow();
  });
});
