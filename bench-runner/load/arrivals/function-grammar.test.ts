import { describe, expect, it } from "vitest";
import { parseArrivalFunction } from "./function-parser.ts";
import type { FunctionNode } from "./function-tree.ts";

/** The tree with a bracket around every operation. */
function toBracketed(node: FunctionNode): string {
  switch (node.kind) {
    case "constant":
      return String(node.value);
    case "variable":
      return "t";
    case "sign":
      return `(${node.negative ? "-" : "+"}${toBracketed(node.operand)})`;
    case "not":
      return `(not ${toBracketed(node.operand)})`;
    case "arithmetic":
      return `(${toBracketed(node.left)} ${node.operator} ${toBracketed(node.right)})`;
    case "and":
    case "or":
      return `(${toBracketed(node.left)} ${node.kind} ${toBracketed(node.right)})`;
    case "comparison": {
      const rest = node.rest.map(({ operator, operand }) => ` ${operator} ${toBracketed(operand)}`);
      return `(${toBracketed(node.first)}${rest.join("")})`;
    }
    case "choice":
      return `(${toBracketed(node.yes)} if ${toBracketed(node.condition)} else ${toBracketed(node.no)})`;
    case "call":
      return `${node.name}(${node.operands.map(toBracketed).join(", ")})`;
  }
}

describe("a function is read", () => {
  it.each([
    [
      "with its lambda",
      "lambda t: int(t/0.1+1) if t<60 else None",
      "(int(((t / 0.1) + 1)) if (t < 60) else null)",
    ],
    ["without a lambda", "5*t if t < 60 else None", "((5 * t) if (t < 60) else null)"],
    ["with another variable", "lambda seconds: 5*seconds", "(5 * t)"],
    ["with a variable in Greek", "lambda τ: 5*τ", "(5 * t)"],
    ["with a variable that hides a constant", "lambda pi: pi", "t"],
    [
      "with a variable that starts like a word",
      "lambda nothing: nothing if nothing else 1",
      "(t if t else 1)",
    ],
    ["over several lines", "lambda t:\n\tt +\r\n 1", "(t + 1)"],
    ["- and / from the left", "1 - 2 - 3 / 4 / 5", "((1 - 2) - ((3 / 4) / 5))"],
    ["//, % and * alike", "1 // 2 % 3 * 4", "(((1 // 2) % 3) * 4)"],
    ["** from the right", "2 ** 3 ** t", "(2 ** (3 ** t))"],
    ["** before a sign on its left, after one on its right", "-2 ** -t ** 2", "(-(2 ** (-(t ** 2))))"],
    ["signs in a row", "- + -t", "(-(+(-t)))"],
    ["a comparison as one chain", "10 <= t + 1 < 20 != 5", "(10 <= (t + 1) < 20 != 5)"],
    ["not after comparisons", "not not t == 1", "(not (not (t == 1)))"],
    ["or after and after not", "1 or not 2 and 3 or 4", "((1 or ((not 2) and 3)) or 4)"],
    ["a choice in a choice's else", "1 if t else 2 if 3 else 4", "(1 if t else (2 if 3 else 4))"],
    ["a choice last", "t + 1 if t or 2 else 3 + 4", "((t + 1) if (t or 2) else (3 + 4))"],
    ["brackets first", "(1 + t) * -(2)", "((1 + t) * (-2))"],
    [
      "calls with several arguments and a last comma",
      "max(1, t + 1, min(2, t),)",
      "max(1, (t + 1), min(2, t))",
    ],
    ["names in Python's modules", "math.sin(np.pi) + numpy . log(t, 2)", `(sin(${Math.PI}) + log(t, 2))`],
    ["words as numbers", "True + False", "(1 + 0)"],
  ])("%s: %j", (_, text, bracketed) => {
    expect(toBracketed(parseArrivalFunction(text).tree)).toBe(bracketed);
  });

  it("with the values of its numbers", () => {
    const text = "max(1_000, .5, 5., 1e3, 1_0.0_1E-1_0, 00, 0, 012.5)";
    const values = [1000, 0.5, 5, 1000, 10.01e-10, 0, 0, 12.5];
    expect(toBracketed(parseArrivalFunction(text).tree)).toBe(`max(${values.join(", ")})`);
  });

  it("with a variable's name", () => {
    expect(parseArrivalFunction("lambda x_1: x_1").variable).toBe("x_1");
    expect(parseArrivalFunction("t").variable).toBe("t");
  });

  it("up to its limits of length and depth", () => {
    for (const [open, inner] of [
      ["(", "t"],
      ["abs(", "t"],
      ["1 or 1<2+3*-4**-abs(", "t"],
    ] as const) {
      parseArrivalFunction(open.repeat(30) + inner + ")".repeat(30));
    }
    parseArrivalFunction(`1${"+1".repeat(499)}`);
    parseArrivalFunction("-".repeat(999).concat("t"));
    parseArrivalFunction(`2${"**2".repeat(333)}`);
  });
});
