import { describe, expect, test } from "vitest";
import { OptionError } from "../option-error.ts";
import { toRateSchedule } from "../plans/schedule.ts";
import { resolveLoad } from "./resolve-load.ts";
import { SHAPE_OPTIONS } from "./shape-options.ts";
import { checkShape, SHAPE_KEYS, shapeOf, shapeWanted } from "./shapes.ts";

const load = (flags: Record<string, string>) => resolveLoad({ flags });
/** As the runner does it, without a scenario named. */
function shape(flags: Record<string, string>) {
  const { given } = load(flags);
  const kind = shapeWanted(given) ?? "plain";
  checkShape(kind, given, kind);
  return kind;
}

describe("which shape options ask for", () => {
  const rows: [string, Record<string, string>, string][] = [
    ["nothing in particular: the classic", { vus: "4", iterations: "20" }, "plain"],
    ["a warm-up fits every shape", { "warmup-requests": "4" }, "plain"],
    ["a ramp makes it closed", { vus: "4", "ramp-up": "4" }, "closed"],
    ["stages of clients, too", { stages: "10s:3,10s:9" }, "closed"],
    ["a rate makes it open", { rate: "2" }, "open"],
    ["a workload by name, too", { workload: "high-load" }, "open"],
    ["a rate with bursts and a cap", { rate: "2", burstiness: "0.5", "max-concurrency": "9" }, "open"],
  ];
  test.each(rows)("%s", (_, flags, kind) => expect(shape(flags)).toBe(kind));

  const bad: [string, Record<string, string>, RegExp][] = [
    ["clients in an open loop", { rate: "2", vus: "4" }, /`--vus`.*use `--max-concurrency`/],
    ["a ramp in an open loop", { rate: "2", "ramp-up": "4" }, /`--ramp-up`.*use the scenario `closed`/],
    ["a cap without a schedule", { "max-concurrency": "4" }, /when requests are due: add `--rate 2`/],
    [
      "two schedules",
      { rate: "2", "arrivals-function": "t" },
      /`--rate`.*and `--arrivals-function`.*leave all but one out/,
    ],
    [
      "the speed of a trace that is none",
      { rate: "2", "trace-speed": "4" },
      /`--trace-speed`.*is for `--trace`/,
    ],
  ];
  test.each(bad)("refuses %s", (_, flags, message) => {
    expect(() => shape(flags)).toThrow(OptionError);
    expect(() => shape(flags)).toThrow(message);
  });

  const none: [string, Record<string, string>, RegExp][] = [
    [
      "a run of no time",
      { duration: "0" },
      /`--duration` \(SERVER_BENCH_DURATION\): expected a time above 0/,
    ],
    ["steps of no time", { "arrivals-function": "t", "time-step": "0" }, /`--time-step`.*above 0/],
    ["clients without any time", { "thread-stop-time": "0s" }, /`--thread-stop-time`.*above 0/],
    ["nothing of a trace", { trace: "a.csv", "trace-for": "0" }, /`--trace-for`.*above 0/],
  ];
  test.each(none)("refuses %s", (_, flags, message) => {
    expect(() => load(flags)).toThrow(OptionError);
    expect(() => load(flags)).toThrow(message);
  });

  test("every option belongs to a shape", () => {
    const taken = new Set(Object.values(SHAPE_KEYS).flat());
    expect(Object.keys(SHAPE_OPTIONS).filter((key) => !taken.has(key as never))).toEqual([]);
  });

  test("only our own scenarios have a shape of their own", () => {
    expect(["open", "open.js", "dist/closed.js"].map(shapeOf)).toEqual(["open", "open", "closed"]);
    expect(["script", "my.ts", "opening", "other/open.js"].map(shapeOf)).toEqual(new Array(4).fill("plain"));
  });
});

describe("workloads by name", () => {
  const rows: [string, number, number, number][] = [
    ["low-load", 1, 1, 300],
    ["medium-load", 5, 10, 300],
    ["high-load", 20, 50, 300],
    ["stress-test", 50, 100, 600],
  ];
  test.each(rows)("%s: %d a second, %d at a time, %d s", (workload, rate, maxConcurrency, duration) => {
    const { shape: values, load: requests } = load({ workload });
    expect(values).toMatchObject({ rate, maxConcurrency, duration, arrivals: "constant" });
    expect(requests).toMatchObject({ maxTokens: 1024, temperature: 0.7, promptType: "medium" });
  });

  test("explicit options win", () => {
    const { shape: values, load: requests } = load({ workload: "high-load", rate: "7", "max-tokens": "32" });
    expect(values).toMatchObject({ rate: 7, maxConcurrency: 50 });
    expect(requests.maxTokens).toBe(32);
  });

  test("another schedule takes the rate's place", () => {
    const { shape: values } = load({ workload: "high-load", "rate-stages": "10s:3" });
    expect(values.rate).toBeUndefined();
    expect(values.rateStages).toBe("10s:3");
  });

  test("an unknown name is refused with the known ones", () => {
    expect(() => load({ workload: "heavy" })).toThrow(
      /`--workload`: expected one of `low-load`.*got `heavy`/,
    );
  });
});

describe("toRateSchedule", () => {
  const schedule = (flags: Record<string, string>) =>
    toRateSchedule(load(flags).shape, { seed: 42, nPrompts: 480 });
  const rows: [string, Record<string, string>, number, number][] = [
    ["a rate for a time", { rate: "5", duration: "1m" }, 300, 60],
    ["a number of requests at a rate", { rate: "5", iterations: "20" }, 20, 4],
    ["both: the number comes first", { rate: "5", iterations: "20", duration: "1m" }, 20, 4],
    ["both: the time comes first", { rate: "5", iterations: "900", duration: "1m" }, 300, 60],
    ["stages", { "rate-stages": "10s:1,10s:2-4" }, 40, 20],
    ["a rate without an end: an arrival a prompt", { rate: "8" }, 480, 60],
    ["as long as a time says, however many prompts there are", { rate: "8", duration: "20m" }, 9600, 1200],
    ["stages are whole, however many prompts there are", { "rate-stages": "100s:10" }, 1000, 100],
  ];
  test.each(rows)("%s", (_, flags, count, seconds) => {
    expect(schedule(flags).offsetsMs).toHaveLength(count);
    expect(schedule(flags).seconds).toBeCloseTo(seconds);
  });

  test("the first arrivals of stages end with the last of them", () => {
    const { offsetsMs, seconds } = schedule({
      "rate-stages": "10s:2",
      iterations: "5",
      arrivals: "constant",
    });
    expect(offsetsMs).toEqual([0, 500, 1000, 1500, 2000]);
    expect(seconds).toBe(2);
  });

  const bad: [string, Record<string, string>, RegExp][] = [
    [
      "a duration that would cut the stages",
      { "rate-stages": "1m:2", duration: "30" },
      /`--duration 30` would cut it/,
    ],
    [
      "a gamma distribution without its shape",
      { rate: "5", duration: "9", arrivals: "gamma" },
      /add `--burstiness 0.5`/,
    ],
    [
      "bursts of even arrivals",
      { rate: "5", duration: "9", arrivals: "constant", burstiness: "2" },
      /leave one of them out/,
    ],
    ["less than one arrival", { rate: "0.01", duration: "9" }, /There would be no request/],
  ];
  test.each(bad)("refuses %s", (_, flags, message) => {
    expect(() => schedule(flags)).toThrow(OptionError);
    expect(() => schedule(flags)).toThrow(message);
  });
});
