import { describe, expect, it } from "vitest";
import { TIME_FORMS, type TimeForm, toCount } from "./arrival-time.ts";

const NOON = Date.UTC(2024, 4, 10, 12);

describe("arrival times", () => {
  it.each<[string, TimeForm, unknown, number | undefined]>([
    ["keep milliseconds as they are", "milliseconds", 3052, 3052],
    ["turn seconds into milliseconds", "seconds", 4.5, 4500],
    ["are read from CSV's texts", "seconds", " 118 ", 118_000],
    ["have all seven digits of Azure's fraction", "date", "2024-05-10 12:00:00.5001250", NOON + 500.125],
    ["may have no fraction", "date", "2024-05-10 12:00:00", NOON],
    ["are ISO dates with a zone", "date", "2024-05-10 12:00:00.009930+00:00", NOON + 9.93],
    ["are ISO dates with T and Z", "date", "2024-05-10T12:00:00.25Z", NOON + 250],
    ["are moved by their zone", "date", "2024-05-10T14:00:00+02:00", NOON],
    ["take a zone in hours alone", "date", "2024-05-10 04:00:00-08", NOON],
    ["are not below 0", "seconds", -1, undefined],
    ["are not an empty cell", "seconds", "", undefined],
    ["are not a missing key", "milliseconds", undefined, undefined],
    ["are not words", "seconds", "yesterday", undefined],
    ["are not infinite", "seconds", "Infinity", undefined],
    ["are not in a thirteenth month", "date", "2024-13-10 12:00:00", undefined],
    ["are not at 25 o'clock", "date", "2024-05-10 25:00:00", undefined],
    ["are not followed by words", "date", "2024-05-10 12:00:00 or so", undefined],
    ["are not a number instead of a date", "date", 1715342400, undefined],
  ])("%s", (_, form, value, ms) => {
    const read = TIME_FORMS[form].read(value);
    if (ms === undefined) expect(read).toBeUndefined();
    else expect(read).toBeCloseTo(ms, 3);
  });
});

describe("toCount", () => {
  it.each<[string, unknown, number | undefined]>([
    ["takes a whole number", 472, 472],
    ["takes 0", 0, 0],
    ["takes CSV's text", "472", 472],
    ["takes a whole number that pandas wrote with a point", "472.0", 472],
    ["refuses a fraction", 4.5, undefined],
    ["refuses a negative number", "-3", undefined],
    ["refuses an empty cell", " ", undefined],
    ["refuses true", true, undefined],
    ["refuses more than a number can count", 1e300, undefined],
  ])("%s", (_, value, count) => {
    expect(toCount(value)).toBe(count);
  });
});
