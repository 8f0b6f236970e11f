import { describe, expect, test } from "vitest";
import { highestLevel, parseStages, totalSeconds } from "./stages.ts";

describe("parseStages", () => {
  const good: [string, string, [number, number, number][]][] = [
    ["one stage", "30s:3", [[30, 3, 3]]],
    ["bare seconds", "90:3", [[90, 3, 3]]],
    [
      "several, with spaces",
      "30s:3, 1m30s:10 ,500ms:50",
      [
        [30, 3, 3],
        [90, 10, 10],
        [0.5, 50, 50],
      ],
    ],
    [
      "a climb and a fall",
      "1m:1-5,30s:5-0",
      [
        [60, 1, 5],
        [30, 5, 0],
      ],
    ],
    ["fractions of a rate", "10s:0.5", [[10, 0.5, 0.5]]],
    [
      "a pause between two stages",
      "10s:5,5s:0,10s:5",
      [
        [10, 5, 5],
        [5, 0, 0],
        [10, 5, 5],
      ],
    ],
  ];
  test.each(good)("%s", (_, text, expected) => {
    expect(parseStages(text)).toEqual(expected.map(([seconds, from, to]) => ({ seconds, from, to })));
  });
  const bad: [string, string][] = [
    ["nothing", ""],
    ["no level", "30s"],
    ["no time", ":3"],
    ["a time of 0", "0s:3"],
    ["a negative level", "30s:-3"],
    ["too many colons", "30s:3:4"],
    ["nothing at all to do", "30s:0,10s:0"],
    ["an empty stage", "30s:3,"],
  ];
  test.each(bad)("refuses %s", (_, text) => expect(parseStages(text)).toBeUndefined());
});

test("lengths add up, the highest level counts both ends", () => {
  const stages = parseStages("30s:3,1m:1-50,10s:5") ?? [];
  expect(totalSeconds(stages)).toBe(100);
  expect(highestLevel(stages)).toBe(50);
});
