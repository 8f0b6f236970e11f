import { describe, expect, test } from "vitest";
import { resolveConfig } from "../../config/config.ts";
import { planSchedule } from "./plan-schedule.ts";

const plan = (flags: Record<string, string>) =>
  planSchedule(resolveConfig({ flags: { model: "m", ...flags }, variables: {} }));
const sample = (name: string) => new URL(`../../../test/fixtures/traces/${name}`, import.meta.url).pathname;

describe("planSchedule", () => {
  const rows: [string, Record<string, string>, number, number][] = [
    [
      "a rate without an end has as many arrivals as prompts were asked for",
      { rate: "8", "n-prompts": "400" },
      400,
      50,
    ],
    ["a rate for a time", { rate: "8", duration: "10s" }, 80, 10],
    ["stages", { "rate-stages": "5s:2,5s:4" }, 30, 10],
    [
      "a function: ten from each second on",
      { "arrivals-function": "lambda t: int(t/0.1+1) if t<60 else None", "time-step": "0.01" },
      591,
      59.09,
    ],
    [
      "a function that is asked more often: one each tenth of a second",
      { "arrivals-function": "lambda t: int(t/0.1+1) if t<60 else None", "function-step": "0.01" },
      600,
      59.9,
    ],
    ["the first of them", { "arrivals-function": "10*t", duration: "30s", iterations: "50" }, 50, 5.09],
  ];
  test.each(rows)("%s", async (_, flags, count, seconds) => {
    const { schedule, notice } = await plan(flags);
    expect(schedule.offsetsMs).toHaveLength(count);
    expect(schedule.seconds).toBeCloseTo(seconds, 1);
    expect(notice).toMatch(new RegExp(`^Schedule: ${count} arrivals in `));
  });

  test("a rate without any size: an arrival for each prompt of the dataset, which is not read yet, for ten minutes at most", async () => {
    const slow = await plan({ rate: "8" });
    expect(slow.schedule.offsetsMs).toHaveLength(4800);
    expect(slow.notice).toMatch(
      /^Schedule: an arrival for each prompt, in 600(\.0)? s at most, at most 1,000 /,
    );
    expect((await plan({ rate: "800" })).schedule.offsetsMs).toHaveLength(10_000);
    expect((await plan({ rate: "8", "prompt-tokens": "20" })).schedule.offsetsMs).toHaveLength(480);
  });

  test("a function that asks for more than there are ticks: how late its requests leave is said", async () => {
    const { notice } = await plan({ "arrivals-function": "200*t if t<3 else None" });
    expect(notice).toMatch(
      /^The function asks for more .* one request each 0\.01\S* s, so some leave 2\.99\S* s after .*Schedule: 400 arrivals/,
    );
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
    const flags = { "arrivals-function": "5*t", duration: "1h", "function-step": "0.00001" };
    await expect(plan(flags)).rejects.toThrow(
      /`--function-step 0.00001` is too small for a `--duration` of 3600 s/,
    );
  });
});
