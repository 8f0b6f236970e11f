// The tree of an arrival function: what function-grammar.ts reads and function-value.ts evaluates.
import type { FunctionName } from "./function-names.ts";

/** Part of the text: from character `start` to before `end`, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** Each with its place in the text. Numbers, booleans (1 and 0) and None (null) are constants. */
export type FunctionNode = { span: Span } & (
  | { kind: "constant"; value: number | null }
  | { kind: "variable" }
  | { kind: "sign"; negative: boolean; operand: FunctionNode }
  | { kind: "arithmetic"; operator: Arithmetic; left: FunctionNode; right: FunctionNode }
  /** `first < a <= b`: each operand is compared with the one before it. */
  | { kind: "comparison"; first: FunctionNode; rest: { operator: Comparison; operand: FunctionNode }[] }
  | { kind: "not"; operand: FunctionNode }
  | { kind: "and" | "or"; left: FunctionNode; right: FunctionNode }
  | { kind: "choice"; condition: FunctionNode; yes: FunctionNode; no: FunctionNode }
  | { kind: "call"; name: FunctionName; operands: FunctionNode[] }
);

/** An arrival function as it was read. */
export interface Expression {
  text: string;
  /** Name of the variable, the seconds since the start: `t`, or the lambda's parameter. */
  variable: string;
  tree: FunctionNode;
}
