import { describe, expect, test } from "vitest";
import { formatDuration, formatNumber, formatValue, toDigits, type Unit } from "./units.ts";

describe("formatNumber shows about four significant digits", () => {
  test.each([
    [0.12345, "ms", "0.123"],
    [9.99949, "ms", "9.999"],
    [9.9996, "ms", "10.00"],
    [12.3456, "ms", "12.35"],
    [99.996, "ms", "100.0"],
    [123.456, "ms", "123.5"],
    [1234.5, "tokens/s", "1,235"],
    [1234567, "count", "1,234,567"],
    [512, "tokens", "512"],
    [12.5, "tokens", "12.5"],
    [0.125, "share", "12.5"],
    [1, "share", "100"],
    [0, "share", "0"],
    [100, "tokens", "100"],
    [-3.5, "ms", "-3.500"],
    [undefined, "ms", ""],
    [Number.NaN, "ms", ""],
  ] as [number | undefined, Unit, string][])("%s in %s is %j", (value, unit, text) => {
    expect(formatNumber(value, unit)).toBe(text);
  });
});

describe("formatValue adds the unit", () => {
  test.each([
    [123.456, "ms", "123.5 ms"],
    [12_345, "ms", "12.35 s"],
    [0.8, "share", "80 %"],
    [17, "count", "17"],
    [46_000_000, "bytes", "46.0 MB"],
    [undefined, "ms", ""],
  ] as [number | undefined, Unit, string][])("%s in %s is %j", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

test.each([
  [3200, "3.2 s"],
  [59_940, "59.9 s"],
  [123_000, "2m 03s"],
  [600_000, "10m 00s"],
  [3_723_000, "1h 02m 03s"],
])("formatDuration: %i ms is %j", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("toDigits keeps six significant digits", () => {
  expect(toDigits(1234.56789)).toBe(1234.57);
  expect(toDigits(0.000123456789)).toBe(0.000123457);
});
