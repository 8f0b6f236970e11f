// The value of an arrival function at a time, with Python's semantics. Walks the tree; nothing is ever eval'ed.
import { toDigits } from "../../../lib/core/units.ts";
import type { UserError } from "../../platform/user-error.ts";
import { type Comparison, compute, FUNCTIONS, type FunctionSpec } from "./function-names.ts";
import { type Expression, type FunctionNode, functionMistake } from "./function-tree.ts";

interface Moment {
  expression: Expression;
  t: number;
}

/**
 * @param t seconds since the start
 * @returns True and False are 1 and 0, None is null; never NaN or an infinity
 * @throws UserError for whatever Python refuses to compute, and for results above 1.8e308
 */
export function valueAt(expression: Expression, t: number): number | null {
  const value = evaluate(expression.tree, { expression, t });
  // Python's integers have no negative zero.
  return value === null ? null : value + 0;
}

function evaluate(node: FunctionNode, moment: Moment): number | null {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "variable":
      return moment.t;
    case "sign": {
      const value = evaluateNumber(node.operand, moment);
      return node.negative ? 0 - value : value;
    }
    case "arithmetic":
      return evaluateArithmetic(node, moment);
    case "comparison":
      return holds(node, moment) ? 1 : 0;
    case "not":
      return isTrue(evaluate(node.operand, moment)) ? 0 : 1;
    case "and": {
      const left = evaluate(node.left, moment);
      return isTrue(left) ? evaluate(node.right, moment) : left;
    }
    case "or": {
      const left = evaluate(node.left, moment);
      return isTrue(left) ? left : evaluate(node.right, moment);
    }
    case "choice":
      return evaluate(isTrue(evaluate(node.condition, moment)) ? node.yes : node.no, moment);
    case "call":
      return evaluateCall(node, moment);
  }
}

function isTrue(value: number | null): boolean {
  return value !== null && value !== 0;
}

function evaluateNumber(node: FunctionNode, moment: Moment): number {
  const value = evaluate(node, moment);
  if (value !== null) return value;
  throw mistakeAt(node, moment, "needs a number here, got None", "Put `if … else None` last, around it all.");
}

function evaluateArithmetic(node: FunctionNode & { kind: "arithmetic" }, moment: Moment): number {
  const left = evaluateNumber(node.left, moment);
  const right = evaluateNumber(node.right, moment);
  const value = compute(node.operator, left, right);
  if (Number.isFinite(value)) return value;
  if (!Number.isNaN(value)) throw tooLarge(node, moment);
  const isRoot = node.operator === "**" && left !== 0;
  throw mistakeAt(node, moment, isRoot ? "takes a root of a negative number" : "divides by zero");
}

/** Stops at the first comparison that fails, as Python does. None equals None only, and is neither above nor below. */
function holds(node: FunctionNode & { kind: "comparison" }, moment: Moment): boolean {
  let before = node.first;
  let left = evaluate(before, moment);
  for (const { operator, operand } of node.rest) {
    const right = evaluate(operand, moment);
    if (operator === "==" || operator === "!=") {
      if ((left === right) !== (operator === "==")) return false;
    } else {
      if (left === null) throw orderOfNone(before, moment);
      if (right === null) throw orderOfNone(operand, moment);
      if (!isOrdered(operator, left, right)) return false;
    }
    before = operand;
    left = right;
  }
  return true;
}

function isOrdered(operator: Exclude<Comparison, "==" | "!=">, left: number, right: number): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function evaluateCall(node: FunctionNode & { kind: "call" }, moment: Moment): number {
  const { compute, takes }: FunctionSpec = FUNCTIONS[node.name];
  const values = node.operands.map((operand) => evaluateNumber(operand, moment));
  const value = compute(values[0] as number, values[1], values);
  if (Number.isFinite(value)) return value;
  if (!Number.isNaN(value)) throw tooLarge(node, moment);
  throw mistakeAt(node, moment, `calls \`${node.name}\` with ${values.join(", ")}`, `It takes ${takes}.`);
}

function orderOfNone(node: FunctionNode, moment: Moment): UserError {
  return mistakeAt(node, moment, "compares a number with None", "Only `==` and `!=` can do that.");
}

function tooLarge(node: FunctionNode, moment: Moment): UserError {
  return mistakeAt(node, moment, "exceeds the largest number, 1.8e308,");
}

function mistakeAt(node: FunctionNode, { expression, t }: Moment, what: string, remedy?: string): UserError {
  const when = `at ${expression.variable} = ${toDigits(t, 12)}`;
  const sentence = ` ${what} ${when}.${remedy === undefined ? "" : ` ${remedy}`}`;
  return functionMistake(expression.text, node.span, sentence);
}
