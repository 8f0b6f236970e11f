import { describe, expect, it } from "vitest";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { type FunctionOptions, toFunctionOffsets } from "./function-arrivals.ts";
import { parseArrivalFunction } from "./function-parser.ts";

const OPTIONS: FunctionOptions = {
  timeStepSeconds: 0.1,
  mostArrivals: 10_000,
  longestSeconds: 3600,
  endsAtLongest: false,
};

function toOffsets(text: string, options: Partial<FunctionOptions> = {}): number[] {
  return toFunctionOffsets(parseArrivalFunction(text), { ...OPTIONS, ...options });
}

describe("arrivals", () => {
  it.each([0.1, 0.05, 0.01, 0.001])(
    "are ten a second for LLM-Serving-benchmark's own function in steps of %d s",
    (timeStepSeconds) => {
      const offsets = toOffsets("lambda t: int(t / 0.1 + 1) if t < 60 else None", { timeStepSeconds });
      expect(offsets).toEqual(Array.from({ length: 600 }, (_, i) => 100 * i));
    },
  );

  it.each([
    ["come at the first time step that asks for them", "4*t if t < 1 else None", [300, 500, 800]],
    ["come together where the function jumps", "0 if t < 0.2 else 3 if t < 0.5 else None", [200, 200, 200]],
    ["at 0 come at once", "2 if t < 1 else None", [0, 0]],
    ["are not taken back where it falls", "2 - 10*t if t < 0.3 else None", [0, 0]],
    ["come again once it is above its peak", "abs(2 - 10*t) if t < 0.6 else None", [0, 0, 500]],
    ["of a part wait for the whole", "0.9 + t if t < 0.3 else None", [100]],
    ["are still due where None comes just behind them", "10*t if t <= 0.2 else None", [100, 200]],
    ["are none below zero", "10*t - 3 if t < 0.6 else None", [400, 500]],
  ])("%s: %s", (_, text, offsets) => {
    expect(toOffsets(text)).toEqual(offsets);
  });

  it("do not drift: the last of an hour is on its step", () => {
    const offsets = toOffsets("t if t < 3600 else None", { timeStepSeconds: 0.01 });
    expect(offsets).toHaveLength(3599);
    expect(offsets.at(-1)).toBe(3_599_000);
  });

  it("are not late because of floating-point noise", () => {
    // 100 * 0.29 is 28.999999999999996.
    const offsets = toOffsets("100*t if t < 60 else None", { timeStepSeconds: 0.01 });
    expect(offsets).toEqual(Array.from({ length: 5999 }, (_, i) => 10 * (i + 1)));
  });

  it("end at the longest time if requested", () => {
    expect(toOffsets("2*t", { longestSeconds: 2, endsAtLongest: true })).toEqual([500, 1000, 1500]);
    expect(toOffsets("2*t if t < 1 else None", { longestSeconds: 2, endsAtLongest: true })).toEqual([500]);
    // None at the longest time is soon enough.
    expect(toOffsets("2*t if t < 2 else None", { longestSeconds: 2 })).toEqual([500, 1000, 1500]);
  });
});

describe("an idle time", () => {
  const burst = "2 if t < 90 else 3 if t < 150 else 4 if t < 151 else None";
  it.each([
    ["stays without a limit", burst, undefined, [0, 0, 90_000, 150_000]],
    ["over the limit becomes one time step", burst, 1.25, [0, 0, 1000, 61_000]],
    ["of just the limit stays", burst, 1, [0, 0, 1000, 61_000]],
    ["over the limit is skipped each time", burst, 0.5, [0, 0, 1000, 2000]],
    ["before the first arrival is skipped too", "0 if t < 300 else 1 if t < 400 else None", 1, [1000]],
    ["of one time step is as short as it gets", "t if t < 4 else None", 0, [1000, 2000, 3000]],
  ])("%s", (_, text, skipIdleMinutes, offsets) => {
    const skip = skipIdleMinutes === undefined ? {} : { skipIdleMinutes };
    expect(toOffsets(text, { timeStepSeconds: 1, ...skip })).toEqual(offsets);
  });
});

describe("a function is refused", () => {
  it.each([
    [
      "that never ends",
      "5*t",
      { longestSeconds: 60 },
      "has not ended by t = 60 s. Add `if t < 60 else None`, or give `--duration`.",
    ],
    [
      "that asks for nothing",
      "lambda x: 0.5 if x < 2 else None",
      {},
      "asks for no request before it ends at x = 2 s. Its value is the number of requests sent by then: `5*x if x < 60 else None` sends 5 a second.",
    ],
    [
      "that is None at once",
      "None",
      {},
      "asks for no request before it ends at t = 0 s. Its value is the number of requests sent by then: `5*t if t < 60 else None` sends 5 a second.",
    ],
    [
      "that asks for too much",
      "1e6 * t",
      {},
      "asks for more than 10,000 requests by t = 0.1 s. Use a function that grows more slowly, or ends earlier: `… if t < 60 else None`.",
    ],
    [
      "that cannot be computed at some time",
      "1 / (t - 0.5)",
      {},
      "divides by zero at t = 0.5.\n  1 / (t - 0.5)\n  ^^^^^^^^^^^^^",
    ],
  ])("%s", (_, text, options, sentence) => {
    expect(() => toOffsets(text, options)).toThrow(
      expect.objectContaining({
        message: `\`--arrivals-function\` ${sentence}`,
        exitCode: EXIT.usage,
      }),
    );
  });
});

describe("for random functions", () => {
  it("the arrivals ascend, are as many as the largest value, and skipping only moves them forward", () => {
    const random = createRandom(7);
    for (let i = 0; i < 50; i++) {
      const [rate, wave, end] = [random() * 5, random() * 20, 5 + Math.floor(random() * 300)];
      const text = `max(0, ${rate}*t + ${wave}*sin(t / 9)) if t < ${end} else None`;
      const offsets = toOffsets(text, { timeStepSeconds: 0.5 });
      const most = Math.max(
        ...Array.from({ length: end * 2 }, (_, step) => (rate * step) / 2 + wave * Math.sin(step / 2 / 9)),
      );
      expect(offsets).toHaveLength(Math.floor(most + 1e-8));

      const skipped = toOffsets(text, { timeStepSeconds: 0.5, skipIdleMinutes: 0.1 });
      expect(skipped).toHaveLength(offsets.length);
      for (let j = 0; j < offsets.length; j++) {
        const gap = (offsets[j] as number) - (offsets[j - 1] ?? 0);
        const gapSkipped = (skipped[j] as number) - (skipped[j - 1] ?? 0);
        expect(gapSkipped).toBe(gap > 6000 ? 500 : gap);
      }
    }
  });
});
