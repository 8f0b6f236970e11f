import { describe, expect, it } from "vitest";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { type FunctionOptions, toFunctionArrivals } from "./function-arrivals.ts";
import { parseArrivalFunction } from "./function-parser.ts";

const OPTIONS: FunctionOptions = {
  functionStepSeconds: 0.1,
  timeStepSeconds: 0.001,
  mostArrivals: 10_000,
  longestSeconds: 3600,
  endsAtLongest: false,
};

const plan = (text: string, options: Partial<FunctionOptions> = {}) =>
  toFunctionArrivals(parseArrivalFunction(text), { ...OPTIONS, ...options });
const toOffsets = (text: string, options: Partial<FunctionOptions> = {}) =>
  plan(text, options).offsetsMs.map((ms) => Math.round(ms * 1000) / 1000);

describe("LLM-Serving-benchmark's own function, asked once a second with its `time_step`", () => {
  const own = "lambda t: int(t / 0.1 + 1) if t < 60 else None";
  const options = { functionStepSeconds: 1, timeStepSeconds: 0.01 };

  it("has the 591 requests of that tool's report: one at the start, then ten from each second on, one a tick", () => {
    const bursts = Array.from({ length: 59 }, (_, second) =>
      Array.from({ length: 10 }, (_, tick) => 1000 * (second + 1) + 10 * tick),
    );
    const offsets = toOffsets(own, options);
    expect(offsets).toEqual([0, ...bursts.flat()]);
    expect(offsets).toHaveLength(591);
  });

  it.each([
    ["200", 1991],
    ["120", 1191],
    ["100", 991],
    ["20", 191],
    ["30", 291],
  ])("has as many for %s s: %d", (seconds, count) => {
    expect(toOffsets(own.replace("60", seconds), options)).toHaveLength(count);
  });

  it("takes the value at whole seconds as Python has it: `int(t * 0.57)` is 56 at 100 s", () => {
    expect(toOffsets("int(t * 0.57) if t <= 100 else None", options)).toHaveLength(56);
  });
});

describe("arrivals", () => {
  it.each([0.1, 0.05, 0.01])("are even where the function is asked each %d s", (functionStepSeconds) => {
    const text = "lambda t: int(t / 0.1 + 1) if t < 60 else None";
    const offsets = toOffsets(text, { functionStepSeconds, timeStepSeconds: 0.01 });
    expect(offsets).toEqual(Array.from({ length: 600 }, (_, i) => 100 * i));
  });

  it.each([
    ["come at the first step that asks for them", "4*t if t < 1 else None", [300, 500, 800]],
    [
      "follow each other where the function jumps",
      "0 if t < 0.2 else 3 if t < 0.5 else None",
      [200, 201, 202],
    ],
    ["at 0 come from the start", "2 if t < 1 else None", [0, 1]],
    ["are not taken back where it falls", "2 - 10*t if t < 0.3 else None", [0, 1]],
    ["come again once it is above its peak", "abs(2 - 10*t) if t < 0.6 else None", [0, 1, 500]],
    ["of a part wait for the whole", "0.9 + t if t < 0.3 else None", [100]],
    ["are still due where None comes just behind them", "10*t if t <= 0.2 else None", [100, 200]],
    ["are none below zero", "10*t - 3 if t < 0.6 else None", [400, 500]],
  ])("%s: %s", (_, text, offsets) => {
    expect(toOffsets(text)).toEqual(offsets);
  });

  it("leave at multiples of the tick", () => {
    // Due at 0.5 s (one) and 1 s (two).
    const offsets = toOffsets("2*t if t < 1.2 else None", {
      functionStepSeconds: 0.5,
      timeStepSeconds: 0.3,
    });
    expect(offsets).toEqual([600, 1200]);
  });

  it("wait for their tick behind others, and the longest wait is known", () => {
    const { offsetsMs, longestWaitSeconds } = plan("20*t if t < 3 else None", {
      functionStepSeconds: 1,
      timeStepSeconds: 0.1,
    });
    expect(offsetsMs.map(Math.round)).toEqual(Array.from({ length: 40 }, (_, i) => 1000 + 100 * i));
    expect(longestWaitSeconds).toBeCloseTo(2.9, 6);
  });

  it("do not drift: the last of an hour is on its step", () => {
    const offsets = toOffsets("t if t < 3600 else None", {
      functionStepSeconds: 0.01,
      timeStepSeconds: 0.01,
    });
    expect(offsets).toHaveLength(3599);
    expect(offsets.at(-1)).toBe(3_599_000);
  });

  it("are not late because of floating-point noise between whole seconds", () => {
    // 100 * 0.29 is 28.999999999999996.
    const offsets = toOffsets("100*t if t < 60 else None", {
      functionStepSeconds: 0.01,
      timeStepSeconds: 0.01,
    });
    expect(offsets).toEqual(Array.from({ length: 5999 }, (_, i) => 10 * (i + 1)));
  });

  it("end at the longest time if requested", () => {
    expect(toOffsets("2*t", { longestSeconds: 2, endsAtLongest: true })).toEqual([500, 1000, 1500]);
    expect(toOffsets("2*t if t < 1 else None", { longestSeconds: 2, endsAtLongest: true })).toEqual([500]);
    // None at the longest time is soon enough.
    expect(toOffsets("2*t if t < 2 else None", { longestSeconds: 2 })).toEqual([500, 1000, 1500]);
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
  it("the arrivals ascend by a tick at least, are on ticks, are as many as the largest value, and never early", () => {
    const random = createRandom(7);
    for (let i = 0; i < 20; i++) {
      const [rate, wave, end] = [random() * 5, random() * 20, 5 + Math.floor(random() * 60)];
      const text = `max(0, ${rate}*t + ${wave}*sin(t / 9)) if t < ${end} else None`;
      const value = (t: number) => rate * t + wave * Math.sin(t / 9);
      const { offsetsMs } = plan(text, { functionStepSeconds: 0.5, timeStepSeconds: 0.02 });
      const most = Math.max(...Array.from({ length: end * 2 }, (_, step) => value(step / 2)));
      expect(offsetsMs).toHaveLength(Math.floor(most + 1e-8));
      const ticks = offsetsMs.map((at) => at / 20);
      expect(ticks.filter((tick) => Math.abs(tick - Math.round(tick)) > 1e-9)).toEqual([]);
      expect(ticks.filter((tick, j) => tick - (ticks[j - 1] ?? -1) < 1 - 1e-9)).toEqual([]);
      // No request leaves before the function has asked for it.
      const early = ticks.filter((tick, j) => {
        const steps = Array.from(
          { length: Math.floor((tick * 0.02) / 0.5 + 1e-6) + 1 },
          (_, step) => step / 2,
        );
        return j + 1 > Math.max(...steps.map(value)) + 1e-8;
      });
      expect(early).toEqual([]);
    }
  });
});
