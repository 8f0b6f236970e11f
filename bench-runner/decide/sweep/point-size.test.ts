import { describe, expect, it } from "vitest";
import { resolveConfig } from "../../config/config.ts";
import { certified } from "../../statistics/certified-percentile.ts";
import { NEEDED_FOR_P95, type PointSizeRule, toPointFlags } from "./point-size.ts";

it("this number of values certifies a p95, one fewer does not", () => {
  expect(certified(new Float64Array(NEEDED_FOR_P95), 0.95)).toBe(0);
  expect(certified(new Float64Array(NEEDED_FOR_P95 - 1), 0.95)).toBeUndefined();
});

describe("the size of a point", () => {
  const rows: [string, Partial<PointSizeRule>, Record<string, string>][] = [
    [
      "one client: what a p95 needs, and one for warm-up",
      { load: 1 },
      { vus: "1", iterations: "131", duration: "300", "warmup-requests": "1" },
    ],
    [
      "many clients: 20 each",
      { load: 64 },
      { vus: "64", iterations: "1344", duration: "300", "warmup-requests": "64" },
    ],
    [
      "a fixed number of requests",
      { load: 4, given: { iterations: "60" } },
      { vus: "4", "warmup-requests": "4" },
    ],
    [
      "a pause of one's own",
      { load: 4, given: { iterations: "60", sleep: "1" } },
      { vus: "4", "warmup-requests": "4" },
    ],
    ["too few of them for a warm-up", { load: 4, given: { iterations: "8" } }, { vus: "4" }],
    [
      "a fixed time: clients go on until it is over",
      { load: 4, given: { duration: "10s" } },
      { vus: "4", "thread-stop-time": "10s", "warmup-requests": "4" },
    ],
    [
      "a warm-up of one's own",
      { load: 4, given: { "warmup-time": "3s" } },
      { vus: "4", iterations: "130", duration: "300" },
    ],
    [
      "a rate: so long that it brings what a p95 needs",
      { axis: "rate", load: 1 },
      { rate: "1", duration: "169.782", "total-timeout": "169.782", "warmup-time": "16.978" },
    ],
    [
      "a high rate: half a minute",
      { axis: "rate", load: 100 },
      { rate: "100", duration: "33.333", "total-timeout": "60", "warmup-time": "3.333" },
    ],
    [
      "a low rate: no longer than a point may take",
      { axis: "rate", load: 0.1 },
      { rate: "0.1", duration: "300", "total-timeout": "300", "warmup-time": "30" },
    ],
    [
      "a rate for a fixed time",
      { axis: "rate", load: 2, given: { duration: "1m" } },
      { rate: "2", "total-timeout": "60", "warmup-time": "6" },
    ],
    [
      "a rate with a fixed number",
      { axis: "rate", load: 2, given: { iterations: "50" } },
      { rate: "2", "warmup-requests": "5" },
    ],
  ];
  it.each(rows)("%s", (_, rule, flags) => {
    const whole: PointSizeRule = { axis: "concurrency", load: 1, maxSeconds: 300, given: {}, ...rule };
    expect(toPointFlags(whole)).toEqual(flags);
    // And it is a load that can be run.
    const { given } = whole as { given: Record<string, string> };
    const config = resolveConfig({ flags: { ...given, ...flags, url: "http://127.0.0.1" }, variables: {} });
    expect(config.kind).toBe(
      whole.axis === "rate" ? "open" : "thread-stop-time" in flags ? "closed" : "plain",
    );
    if (whole.axis === "concurrency") expect(config.vus).toBe(whole.load);
  });
});
