import { describe, expect, it } from "vitest";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { parseArrivalFunction } from "./function-parser.ts";

/** The error's lines, of which the last two are the function and the carets. */
function refuse(text: string): string[] {
  try {
    parseArrivalFunction(text);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).exitCode).toBe(EXIT.usage);
    return (error as UserError).message.split("\n");
  }
  throw new Error(`${text} was read.`);
}

const FUNCTIONS = "int, float, min, max, abs, round, floor, ceil, sin, cos, exp, log";

// Each row's carets are below the place in the function, as in the terminal.
describe("the parser refuses", () => {
  it.each([
    [
      "an operator without its right side",
      ": expected an operand behind `+`, got `)`.",
      "lambda t: int(t/0.1+) if t<60 else None",
      "                    ^",
    ],
    ["an end too soon", ": expected an operand behind `**`, got the end.", "2 **", "    ^"],
    [
      "a product without its sign",
      ": expected an operator or the end behind `5`, got `t`. Write a product with `*`.",
      "5t if t < 60 else None",
      " ^",
    ],
    [
      "a choice without its else",
      ": expected an operator or an else behind `60`, got the end. An `if` needs its `else`: `5*t if t < 60 else None`.",
      "5*t if t < 60",
      "             ^",
    ],
    [
      "a bracket that is not closed",
      ": expected an operator or a closing bracket behind `t`, got the end.",
      "(t",
      "  ^",
    ],
    ["a bracket too many", ": expected an operator or the end behind `t`, got `)`.", "t)", " ^"],
    [
      "arguments without a comma",
      ": expected an operator, a comma or a closing bracket behind `1`, got `2`.",
      "max(1 2)",
      "      ^",
    ],
    ["two variables", ": expected a colon behind `t`, got `,`.", "lambda t, u: 5", "        ^"],
    ["no variable", ": expected a name behind `lambda`, got `:`.", "lambda: 5", "      ^"],
    [
      "a word of Python as variable",
      ": expected a name behind `lambda`, got `for`.",
      "lambda for: 1",
      "       ^^^",
    ],
    [
      "a lambda in a lambda",
      ": expected an operand behind `:`, got `lambda`.",
      "lambda t: lambda u: 5",
      "          ^^^^^^",
    ],
    [
      "an assignment",
      ": expected an operator or the end behind `t`, got `=`. Compare with `==`.",
      "t = 5",
      "  ^",
    ],
    ["an assignment expression", ": expected an operator or the end behind `t`, got `:`.", "t := 5", "  ^"],
    ["a subscript", ": expected an operator or the end behind `t`, got `[`.", "t[0]", " ^"],
    ["a string", ": expected an operand or a closing bracket behind `(`, got `'`.", "eval('1')", "     ^"],
    ["a list", ": expected an operand at the start, got `[`.", "[t]", "^"],
    ["a second statement", ": expected an operator or the end behind `t`, got `;`.", "t; t", " ^"],
    ["a not behind a comparison", ": expected an operand behind `==`, got `not`.", "1 == not t", "     ^^^"],
    ["an underscore last", ": expected an operator or the end behind `1`, got `_`.", "1_", " ^"],
    ["a zero first", ": expected an operator or the end behind `0`, got `12`.", "012", " ^^"],
    [
      "C's power",
      ": expected an operator or the end behind `t`, got `^`. Write a power with `**`.",
      "t ^ 2",
      "  ^",
    ],
    ["C's and", ": expected an operator or the end behind `t`, got `&`. Write `and`.", "t && 1", "  ^"],
    ["C's not", ": expected an operand at the start, got `!`. Write `not`.", "!t", "^"],
    [
      "C's choice",
      ": expected an operator or the end behind `t`, got `?`. Write `A if condition else B`.",
      "t ? 1 : 2",
      "  ^",
    ],
    [
      "an unknown function",
      ` calls an unknown function \`pow\`. There are ${FUNCTIONS}.`,
      "1 + pow(t, 2)",
      "    ^^^",
    ],
    [
      "an unknown function of numpy",
      ` calls an unknown function \`random.poisson\`. There are ${FUNCTIONS}.`,
      "np.random.poisson(t)",
      "^^^^^^^^^^^^^^^^^",
    ],
    [
      "a name that every object has",
      ` calls an unknown function \`constructor\`. There are ${FUNCTIONS}.`,
      "constructor(t)",
      "^^^^^^^^^^^",
    ],
    [
      "an unknown name",
      " has an unknown name `x`. There is the variable `t`, the seconds since the start, and `pi`.",
      "5 * x",
      "    ^",
    ],
    [
      "t where the variable has another name",
      " has an unknown name `t`. There is the variable `x`, the seconds since the start, and `pi`.",
      "lambda x: 5 * t",
      "              ^",
    ],
    [
      "an attribute",
      " has an unknown name `t.real`. There is the variable `t`, the seconds since the start, and `pi`.",
      "t.real",
      "^^^^^^",
    ],
    [
      "a function that is not called",
      " names the function `sin` without calling it. Write `sin(t)`.",
      "2 * np.sin",
      "    ^^^^^^",
    ],
    ["a call of the variable", " calls `t`, which is its variable. Write a product with `*`.", "t(5)", "^"],
    ["too few arguments", " calls `max` with 1 argument. It takes at least 2 arguments.", "max(t)", "^^^"],
    [
      "too many arguments",
      " calls `round` with 3 arguments. It takes 1 or 2 arguments.",
      "round(t, 1, 2)",
      "^^^^^",
    ],
    ["no argument", " calls `int` with 0 arguments. It takes 1 argument.", "int()", "^^^"],
    ["a number too large", " has a number above the largest, 1.8e308.", "1 + 1e999", "    ^^^^^"],
  ])("%s", (_, sentence, text, carets) => {
    expect(refuse(text)).toEqual([`\`--arrivals-function\`${sentence}`, `  ${text}`, `  ${carets}`]);
  });

  it("over tabs, line breaks and letters of two units, with the carets in their column", () => {
    expect(refuse("\tlambda 𝒙:\r\n𝒙 + )").slice(1)).toEqual(["   lambda 𝒙:  𝒙 + )", "                  ^"]);
  });

  it("an empty text with an example", () => {
    expect(refuse(" \n")).toEqual(["`--arrivals-function` is empty. Use `5*t if t < 60 else None`."]);
  });

  it("more than 1,000 characters", () => {
    expect(refuse("5".repeat(1001))).toEqual([
      "`--arrivals-function` has 1,001 characters, and may have 1,000. Use a shorter function.",
    ]);
  });

  it("more than 30 nested brackets", () => {
    for (const open of ["(", "abs("]) {
      const text = `${open.repeat(31)}t${")".repeat(31)}`;
      expect(refuse(text)[0]).toBe("`--arrivals-function` has more than 30 nested brackets. Use fewer.");
    }
    expect(refuse("(".repeat(999))[0]).toContain("30 nested brackets");
  });

  it("a place in a long text, which is cut around it", () => {
    const [, shown = "", carets = ""] = refuse(`${"1+".repeat(200)})${"+1".repeat(200)}`);
    expect(shown).toMatch(/^ {2}…[+1]+\+\)\+[+1]+…$/);
    expect(shown).toHaveLength(102);
    expect(carets.indexOf("^")).toBe(shown.indexOf(")"));
  });
});
