import { describe, expect, test } from "vitest";
import { OptionError } from "../option-error.ts";
import { checkPhases } from "./check-phases.ts";
import { createPhases, measuresAll, type PhaseOptions } from "./phases.ts";

describe("createPhases", () => {
  const rows: [string, PhaseOptions, string][] = [
    ["nothing asked for: all is measured", {}, "mmmmmmmmmm"],
    ["the first three requests", { warmupRequests: 3 }, "wwwmmmmmmm"],
    ["the first 2.5 s", { warmupTime: 2.5 }, "wwwmmmmmmm"],
    ["the last two requests", { cooldownRequests: 2 }, "mmmmmmmmcc"],
    ["the last 4 s", { cooldownTime: 4 }, "mmmmmmcccc"],
    ["both ends", { warmupRequests: 2, cooldownTime: 1 }, "wwmmmmmmmc"],
    ["number and time: whichever is longer", { warmupRequests: 1, warmupTime: 4 }, "wwwwmmmmmm"],
  ];
  test.each(rows)("%s", (_, options, expected) => {
    // Ten requests, one a second.
    const phaseOf = createPhases(options, { requests: 10, seconds: 10 });
    const letters = Array.from({ length: 10 }, (_, index) => phaseOf(index, index * 1000)[0]).join("");
    expect(letters).toBe(expected);
    expect(measuresAll(options)).toBe(!/[wc]/.test(expected));
  });
});

describe("checkPhases", () => {
  const bad: [string, PhaseOptions, { requests?: number; seconds?: number }, RegExp][] = [
    [
      "a cool-down by requests of a run by time",
      { cooldownRequests: 5 },
      { seconds: 60 },
      /use `--cooldown-time`/,
    ],
    [
      "a cool-down by time of a run by requests",
      { cooldownTime: 5 },
      { requests: 60 },
      /use `--cooldown-requests`/,
    ],
    [
      "more than there is, in requests",
      { warmupRequests: 5, cooldownRequests: 5 },
      { requests: 10 },
      /Nothing would be measured/,
    ],
    ["more than there is, in time", { warmupTime: 60 }, { seconds: 60 }, /Nothing would be measured/],
  ];
  test.each(bad)("refuses %s", (_, options, { requests, seconds }, message) => {
    const check = () => checkPhases(options, { requests, seconds });
    expect(check).toThrow(OptionError);
    expect(check).toThrow(message);
  });
  test("takes what leaves something to measure", () => {
    expect(() => checkPhases({ warmupRequests: 9 }, { requests: 10, seconds: undefined })).not.toThrow();
  });
});
