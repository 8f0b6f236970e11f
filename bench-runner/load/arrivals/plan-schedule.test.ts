import { describe, expect, test } from "vitest";
import { resolveConfig } from "../../config/config.ts";
import { planSchedule } from "./plan-schedule.ts";

const plan = (flags: Record<string, string>) =>
  planSchedule(resolveConfig({ flags: { model: "m", ...flags }, variables: {} }));
const sample = (name: string) => new URL(`../../../test/fixtures/traces/${name}`, import.meta.url).pathname;

describe("planSchedule", () => {
  const rows: [string, Record<string, string>, number, number][] = [
    ["a rate without an end has as many arrivals as there are prompts", { rate: "8" }, 480, 60],
    ["a rate for a time", { rate: "8", duration: "10s" }, 80, 10],
    ["stages", { "rate-stages": "5s:2,5s:4" }, 30, 10],
    [
      "a function: one each tenth of a second, for a minute",
      { "arrivals-function": "lambda t: int(t/0.1+1) if t<60 else None" },
      600,
      59.9,
    ],
    ["the first of them", { "arrivals-function": "10*t", duration: "30s", iterations: "50" }, 50, 5],
  ];
  test.each(rows)("%s", async (_, flags, count, seconds) => {
    const { schedule, notice } = await plan(flags);
    expect(schedule.offsetsMs).toHaveLength(count);
    expect(schedule.seconds).toBeCloseTo(seconds, 1);
    expect(notice).toMatch(new RegExp(`^Schedule: ${count} arrivals in `));
  });

  test.each(["mooncake.jsonl", "azure.csv", "burstgpt.csv"])("a trace: %s", async (name) => {
    const { schedule } = await plan({ trace: sample(name) });
    const { offsetsMs, promptTokens = [], outputTokens = [] } = schedule;
    expect(offsetsMs.length).toBeGreaterThan(5);
    expect([promptTokens.length, outputTokens.length]).toEqual([offsetsMs.length, offsetsMs.length]);
    expect([...offsetsMs].sort((a, b) => a - b)).toEqual(offsetsMs);
    const { schedule: fast } = await plan({ trace: sample(name), "trace-speed": "4" });
    expect(fast.seconds).toBeCloseTo(schedule.seconds / 4, 2);
  });

  test("a duration does not cut a trace", async () => {
    await expect(plan({ trace: sample("azure.csv"), duration: "5s" })).rejects.toThrow(
      /`--trace-for 10m` says/,
    );
  });

  test("steps that would never end are refused", async () => {
    const flags = { "arrivals-function": "5*t", duration: "1h", "time-step": "0.00001" };
    await expect(plan(flags)).rejects.toThrow(
      /`--time-step 0.00001` is too small for a `--duration` of 3600 s/,
    );
  });
});
