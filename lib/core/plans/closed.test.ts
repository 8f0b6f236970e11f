import { describe, expect, test } from "vitest";
import { OptionError } from "../option-error.ts";
import { resolveLoad } from "../options/resolve-load.ts";
import { toClosedExecutor, toClosedPlan } from "./closed.ts";
import { rampDelayMs } from "./ramp.ts";

const planOf = (flags: Record<string, string>) =>
  toClosedPlan(resolveLoad({ flags }).shape, { clients: 8, requests: 480 });

describe("toClosedPlan", () => {
  const rows: [string, Record<string, string>, object][] = [
    [
      "the defaults, with a ramp of 0.1 s a client",
      {},
      { clients: 8, requests: 480, seconds: 600, rampSeconds: 0.8 },
    ],
    ["100 clients start within 10 s", { vus: "100" }, { clients: 100, rampSeconds: 10 }],
    ["a ramp of one's own", { vus: "100", "ramp-up": "5s" }, { rampSeconds: 5 }],
    ["no ramp at all", { "ramp-up": "0" }, { rampSeconds: 0 }],
    ["no more clients than requests", { iterations: "3" }, { clients: 3, requests: 3 }],
    [
      "clients that stop after a time of their own end the run by time",
      { vus: "10", "thread-stop-time": "60" },
      { clients: 10, seconds: 61, clientSeconds: 60 },
    ],
    ["stages of clients", { stages: "10s:3,30s:10,30s:50" }, { clients: 50, seconds: 70, rampSeconds: 0 }],
  ];
  test.each(rows)("%s", (_, flags, expected) => expect(planOf(flags)).toMatchObject(expected));

  const bad: [string, Record<string, string>, RegExp][] = [
    ["stages and a number of clients", { stages: "10s:3", vus: "4" }, /`--stages`.*leave `--vus` out/],
    ["half a client", { stages: "10s:1.5" }, /whole ones/],
    [
      "a stop time and a number of requests",
      { "thread-stop-time": "9", iterations: "9" },
      /leave `--iterations` out/,
    ],
    ["fewer requests than clients", { vus: "9", iterations: "4" }, /at least `--vus` \(9\)/],
    [
      "a ramp that is longer than the run",
      { "ramp-up": "60", duration: "30" },
      /not all clients would start/,
    ],
  ];
  test.each(bad)("refuses %s", (_, flags, message) => {
    expect(() => planOf(flags)).toThrow(OptionError);
    expect(() => planOf(flags)).toThrow(message);
  });
});

describe("toClosedExecutor", () => {
  const rows: [string, Record<string, string>, object][] = [
    [
      "requests shared by all clients",
      { vus: "4", iterations: "20", duration: "1m" },
      { executor: "shared-iterations", vus: 4, iterations: 20, maxDuration: "60s" },
    ],
    [
      "time alone",
      { vus: "4", "thread-stop-time": "9.6" },
      { executor: "constant-vus", vus: 4, duration: "10s" },
    ],
    [
      "steps: each new level at once, held for its time",
      { stages: "10s:3,30s:10" },
      {
        executor: "ramping-vus",
        startVUs: 3,
        stages: [
          { duration: "10s", target: 3 },
          { duration: "0s", target: 10 },
          { duration: "30s", target: 10 },
        ],
      },
    ],
    [
      "a climb goes on from where it is",
      { stages: "10s:1-5,5s:5" },
      {
        startVUs: 1,
        stages: [
          { duration: "10s", target: 5 },
          { duration: "5s", target: 5 },
        ],
      },
    ],
  ];
  test.each(rows)("%s", (_, flags, expected) => {
    expect(toClosedExecutor(planOf(flags))).toMatchObject(expected);
  });
});

describe("rampDelayMs", () => {
  const rows: [string, "linear" | "exponential", number[]][] = [
    ["evenly, the first at once", "linear", [0, 250, 500, 750]],
    // log2(1, 2, 3, 4) / 2
    ["twice as many in equal times, the last at the end", "exponential", [0, 500, 792.5, 1000]],
  ];
  test.each(rows)("%s", (_, shape, expected) => {
    for (const [index, delay] of expected.entries()) {
      expect(rampDelayMs(index, 4, 1, shape)).toBeCloseTo(delay, 1);
    }
  });
  test("one client starts at once", () => {
    expect(rampDelayMs(0, 1, 10, "exponential")).toBe(0);
  });
});
