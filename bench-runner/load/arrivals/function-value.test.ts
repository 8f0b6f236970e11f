import { describe, expect, it } from "vitest";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { parseArrivalFunction } from "./function-parser.ts";
import { valueAt } from "./function-value.ts";

function evaluate(text: string, t = 0): number | null {
  return valueAt(parseArrivalFunction(text), t);
}

describe("the value of constants is what Python 3.11 printed", () => {
  it.each([
    ["7 / 2", 3.5],
    ["7 // 2", 3],
    ["-7 // 2", -4],
    ["7 // -2", -4],
    ["6 // 0.1", 59],
    ["1 // 0.1", 9],
    ["-7 % 3", 2],
    ["7 % -3", -2],
    ["-7.5 % 2", 0.5],
    ["1 % 0.1", 0.09999999999999995],
    ["-1 % 0.1", 5.551115123125783e-17],
    ["2 * 7 // 3 % 4", 0],
    ["1 - 2 - 3", -4],
    ["100 / 10 / 5", 2],
    ["3 * -2", -6],
    ["2 - -2", 4],
    ["0.1 + 0.2", 0.30000000000000004],
    ["0 * -1", 0],
    ["2 ** 10", 1024],
    ["2 ** -1", 0.5],
    ["-2 ** 2", -4],
    ["(-2) ** 3", -8],
    ["2 ** 3 ** 2", 512],
    ["0 ** 0", 1],
    ["True + True", 2],
    ["-True", -1],
    ["1 == True", 1],
    ["int(2.9)", 2],
    ["int(-2.9)", -2],
    ["int(-0.5)", 0],
    ["int(True)", 1],
    ["int(0.3 / 0.1 + 1)", 3],
    ["float(3)", 3],
    ["round(0.5)", 0],
    ["round(1.5)", 2],
    ["round(2.5)", 2],
    ["round(-2.5)", -2],
    ["round(2.5, 0)", 2],
    ["round(2.675, 2)", 2.67],
    ["round(0.125, 2)", 0.12],
    ["round(0.375, 2)", 0.38],
    ["round(-0.125, 2)", -0.12],
    ["round(1234.5678, 3)", 1234.568],
    ["round(25, -1)", 20],
    ["round(35, -1)", 40],
    ["round(-15, -1)", -20],
    ["round(149, -2)", 100],
    ["round(1e22, 2)", 1e22],
    ["floor(2.7)", 2],
    ["floor(-0.5)", -1],
    ["ceil(2.1)", 3],
    ["ceil(-0.5)", 0],
    ["min(3, 1, 2)", 1],
    ["max(3, 1, 2)", 3],
    ["abs(-3)", 3],
    ["log(8, 2)", 3],
    ["log(exp(2))", 2],
    ["sin(pi / 6)", 0.49999999999999994],
    ["cos(0)", 1],
    ["10 <= 15 < 20", 1],
    ["10 <= 25 < 20", 0],
    ["1 < 2 > 1 == 1", 1],
    ["3 > 2 == 1", 0],
    ["2 > 3 > 1 / 0", 0],
    ["not 0", 1],
    ["not 3", 0],
    ["not None", 1],
    ["not 1 == 2", 1],
    ["0 or 5", 5],
    ["None or 5", 5],
    ["3 or 5", 3],
    ["1 or 1 / 0", 1],
    ["3 and 5", 5],
    ["0 and 5", 0],
    ["0 and 1 / 0", 0],
    ["None and 1", null],
    ["None == None", 1],
    ["None == 0", 0],
    ["None != 0", 1],
    ["1 if 0 else 2 if 0 else 3", 3],
    ["1 if None else 2", 2],
    ["None if 1 else 1 / 0", null],
  ])("%s is %d", (text, value) => {
    expect(evaluate(text)).toBe(value);
  });
});

describe("the value at a time", () => {
  it.each([
    ["counts", "lambda t: int(t / 0.1 + 1) if t < 60 else None", 59.99, 600],
    ["is None at the end", "lambda t: int(t / 0.1 + 1) if t < 60 else None", 60, null],
    ["is read from the lambda's variable", "lambda x: x * x", 3, 9],
    ["follows a chain", "5 if 10 <= t < 20 else 1", 20, 1],
    ["follows a choice in a choice", "1 if t < 10 else 2 if t < 20 else None", 15, 2],
    ["uses a variable that hides a constant", "lambda pi: pi", 3, 3],
  ])("%s", (_, text, t, value) => {
    expect(evaluate(text, t)).toBe(value);
  });
});

describe("the longest function", () => {
  it.each([
    ["signs", `${"-".repeat(999)}t`, -3],
    ["sums", `t${"+1".repeat(499)}`, 502],
    ["powers", `t${"**1".repeat(333)}`, 3],
    ["choices", `${"1 if 0 else ".repeat(83)}t`, 3],
  ])("made from %s has a value", (_, text, value) => {
    expect(evaluate(text, 3)).toBe(value);
  });
});

describe("an error names the time and marks the part", () => {
  it.each([
    ["divides by zero at t = 5.", "2 * (10 / (t - 5))", 5, "    ^^^^^^^^^^^^^^"],
    ["divides by zero at t = 5.", "1 + 10 // (t - 5)", 5, "    ^^^^^^^^^^^^^"],
    ["divides by zero at t = 0.", "1 % t", 0, "^^^^^"],
    ["divides by zero at t = 1.", "0 ** -t", 1, "^^^^^^^"],
    ["takes a root of a negative number at t = 1.", "(0 - t) ** 0.5", 1, "^^^^^^^^^^^^^^"],
    ["exceeds the largest number, 1.8e308, at t = 0.3.", "1e308 * 9", 0.1 * 3, "^^^^^^^^^"],
    ["exceeds the largest number, 1.8e308, at t = 710.", "2 + exp(t)", 710, "    ^^^^^^"],
    [
      "calls `log` with 0 at t = 0. It takes numbers above 0, and a base other than 1.",
      "5 * log(t) + 1",
      0,
      "    ^^^^^^",
    ],
    [
      "calls `log` with -1 at x = 1. It takes numbers above 0, and a base other than 1.",
      "lambda x: log(-x)",
      1,
      "          ^^^^^^^",
    ],
    [
      "calls `round` with 1, 0.5 at t = 1. It takes at most 20 digits, a whole number.",
      "round(t, 0.5)",
      1,
      "^^^^^^^^^^^^^",
    ],
    [
      "needs a number here, got None at t = 3. Put `if … else None` last, around it all.",
      "2 * (t if t < 3 else None)",
      3,
      "    ^^^^^^^^^^^^^^^^^^^^^^",
    ],
    [
      "needs a number here, got None at t = 0. Put `if … else None` last, around it all.",
      "int(None)",
      0,
      "    ^^^^",
    ],
    [
      "compares a number with None at t = 0. Only `==` and `!=` can do that.",
      "1 < t + 2 < None",
      0,
      "            ^^^^",
    ],
  ])("%s %s", (sentence, text, t, carets) => {
    expect(() => evaluate(text, t)).toThrow(
      new UserError(`\`--arrivals-function\` ${sentence}\n  ${text}\n  ${carets}`, EXIT.usage),
    );
  });
});

describe("arithmetic holds for random numbers", () => {
  const random = createRandom(1);
  // Whole numbers of either sign: their products and quotients are exact.
  const draw = () => Math.floor(random() * 2001) - 1000;

  it("a is (a // b) * b + a % b, and the remainder has b's sign", () => {
    for (let i = 0; i < 300; i++) {
      const [a, b] = [draw(), draw() || 1];
      expect(evaluate(`(${a} // ${b}) * ${b} + ${a} % ${b} == ${a}`)).toBe(1);
      expect(evaluate(`0 <= ${a} % ${b} < ${b} or ${b} < ${a} % ${b} <= 0`)).toBe(1);
    }
  });

  it("a rounded number is whole, at most a half away, and even when it is just a half", () => {
    for (let i = 0; i < 300; i++) {
      const value = draw() / 4;
      const rounded = evaluate(`round(${value})`) as number;
      expect(Number.isInteger(rounded)).toBe(true);
      const distance = Math.abs(rounded - value);
      expect(distance < 0.5 || (distance === 0.5 && rounded % 2 === 0)).toBe(true);
    }
  });
});
