// A parsed arrival function → its tree: folds the grammar's chains in Python's order, and resolves names and calls.
import type { ActionDict, MatchResult, Node } from "ohm-js";
import type { UserError } from "../../platform/user-error.ts";
import { getFunctionGrammar } from "./function-grammar.ts";
import {
  type Arithmetic,
  CONSTANTS,
  type Comparison,
  describeArguments,
  FUNCTIONS,
  type FunctionSpec,
  isFunctionName,
  withoutModule,
} from "./function-names.ts";
import { type Expression, type FunctionNode, functionMistake, type Span } from "./function-tree.ts";

/** @throws UserError for a name that does not exist, and for a call with too few or too many arguments */
export function buildTree(text: string, match: MatchResult): Expression {
  const semantics = getFunctionGrammar().createSemantics();
  semantics.addOperation<string>("variable", {
    Text_lambda: (_lambda, parameter, _colon, _body, _end) => parameter.sourceString,
    Text_plain: (_body, _end) => "t",
  });
  const variable: string = semantics(match).variable();
  semantics.addOperation<FunctionNode[]>("operands", {
    Operands_some: (first, _comma, rest, _last) => [first, ...rest.children].map(treeOf),
    Operands_none: (_nothing) => [],
  });
  semantics.addOperation<FunctionNode>("tree", toActions({ text, variable }));
  return { text, variable, tree: semantics(match).tree() };
}

function toActions(scope: Scope): ActionDict<FunctionNode> {
  return {
    Text_lambda: (_lambda, _parameter, _colon, body, _end) => treeOf(body),
    Text_plain: (body, _end) => treeOf(body),
    Choice: foldChoice,
    Either: (first, _or, rest) => foldLogic("or", first, rest),
    Both: (first, _and, rest) => foldLogic("and", first, rest),
    Negation: (nots, operand) =>
      nots.children.reduceRight<FunctionNode>(
        (inner, not) => ({ kind: "not", operand: inner, span: cover(spanOf(not), inner.span) }),
        treeOf(operand),
      ),
    Comparison: foldComparison,
    Sum: foldArithmetic,
    Product: foldArithmetic,
    Signed: (signs, operand) => applySigns(signs, treeOf(operand)),
    Power: foldPower,
    Operand_number: (number) => toNumber(scope, number.sourceString, spanOf(number)),
    Operand_constant: (word) => toConstant(word),
    Operand_name: (name) => lookUpName(scope, name.sourceString, spanOf(name)),
    Operand_call(name, _open, operands, _close) {
      return lookUpCall(scope, name.sourceString, operands.operands(), spanOf(name), spanOf(this));
    },
    Operand_brackets(_open, inner, _close) {
      return { ...treeOf(inner), span: spanOf(this) };
    },
  };
}

/** `a if c else b if d else e` is `a if c else (b if d else e)`. */
function foldChoice(first: Node, _if: Node, conditions: Node, _else: Node, others: Node): FunctionNode {
  const values = [first, ...others.children].map(treeOf);
  return values.reduceRight((no, yes, i) => {
    const condition = treeOf(conditions.child(i));
    return { kind: "choice", condition, yes, no, span: cover(yes.span, no.span) };
  });
}

function foldLogic(kind: "and" | "or", first: Node, rest: Node): FunctionNode {
  return [first, ...rest.children].map(treeOf).reduce((left, right) => {
    return { kind, left, right, span: cover(left.span, right.span) };
  });
}

function foldComparison(firstNode: Node, operators: Node, operands: Node): FunctionNode {
  const first = treeOf(firstNode);
  const rest = operands.children.map((operand, i) => ({
    operator: operators.child(i).sourceString as Comparison,
    operand: treeOf(operand),
  }));
  const last = rest.at(-1);
  if (last === undefined) return first;
  return { kind: "comparison", first, rest, span: cover(first.span, last.operand.span) };
}

/** `a - b - c` is `(a - b) - c`. */
function foldArithmetic(first: Node, operators: Node, rest: Node): FunctionNode {
  return [first, ...rest.children]
    .map(treeOf)
    .reduce((left, right, i) => toArithmetic(operators.child(i - 1).sourceString as Arithmetic, left, right));
}

/** `a ** -b ** c` is `a ** -(b ** c)`. */
function foldPower(base: Node, _power: Node, signs: Node, exponents: Node): FunctionNode {
  return [base, ...exponents.children]
    .map(treeOf)
    .reduceRight((right, left, i) => toArithmetic("**", left, applySigns(signs.child(i), right)));
}

function applySigns(signs: Node, operand: FunctionNode): FunctionNode {
  return signs.children.reduceRight<FunctionNode>(
    (inner, sign) => ({
      kind: "sign",
      negative: sign.sourceString === "-",
      operand: inner,
      span: cover(spanOf(sign), inner.span),
    }),
    operand,
  );
}

function toArithmetic(operator: Arithmetic, left: FunctionNode, right: FunctionNode): FunctionNode {
  return { kind: "arithmetic", operator, left, right, span: cover(left.span, right.span) };
}

function toConstant(word: Node): FunctionNode {
  const value = word.sourceString === "None" ? null : word.sourceString === "True" ? 1 : 0;
  return { kind: "constant", value, span: spanOf(word) };
}

function treeOf(node: Node): FunctionNode {
  return node.tree();
}

function spanOf(node: Node): Span {
  return { start: node.source.startIdx, end: node.source.endIdx };
}

function cover(from: Span, to: Span): Span {
  return { start: from.start, end: to.end };
}

/** The function that is read; its variable hides a constant or function of the same name. */
interface Scope {
  text: string;
  variable: string;
}

/** @throws UserError for a number above 1.8e308 */
function toNumber(scope: Scope, source: string, span: Span): FunctionNode {
  const value = Number(source.replaceAll("_", ""));
  if (Number.isFinite(value)) return { kind: "constant", value, span };
  throw functionMistake(scope.text, span, " has a number above the largest, 1.8e308.");
}

/** @throws UserError for a name that is neither the variable nor a constant */
function lookUpName(scope: Scope, source: string, span: Span): FunctionNode {
  const name = source.replace(/\s/g, "");
  if (name === scope.variable) return { kind: "variable", span };
  const bare = withoutModule(name);
  const value = Object.hasOwn(CONSTANTS, bare) ? CONSTANTS[bare] : undefined;
  if (value !== undefined) return { kind: "constant", value, span };
  throw functionMistake(scope.text, span, describeWrongName(scope, name));
}

function describeWrongName({ variable }: Scope, name: string): string {
  const bare = withoutModule(name);
  if (isFunctionName(bare))
    return ` names the function \`${bare}\` without calling it. Write \`${bare}(${variable})\`.`;
  const constants = Object.keys(CONSTANTS)
    .map((constant) => `\`${constant}\``)
    .join(", ");
  return ` has an unknown name \`${name}\`. There is the variable \`${variable}\`, the seconds since the start, and ${constants}.`;
}

/**
 * @param source the function's name in the text, at `nameSpan`
 * @throws UserError for a function that does not exist, and for too few or too many arguments
 */
function lookUpCall(
  scope: Scope,
  source: string,
  operands: FunctionNode[],
  nameSpan: Span,
  span: Span,
): FunctionNode {
  const refuse = (sentence: string): UserError => functionMistake(scope.text, nameSpan, sentence);
  const name = withoutModule(source.replace(/\s/g, ""));
  if (source === scope.variable) {
    throw refuse(` calls \`${source}\`, which is its variable. Write a product with \`*\`.`);
  }
  if (!isFunctionName(name)) {
    throw refuse(` calls an unknown function \`${name}\`. There are ${Object.keys(FUNCTIONS).join(", ")}.`);
  }
  const { arguments: range }: FunctionSpec = FUNCTIONS[name];
  const count = operands.length;
  if (count < range[0] || count > range[1]) {
    const given = `${count} argument${count === 1 ? "" : "s"}`;
    throw refuse(` calls \`${name}\` with ${given}. It takes ${describeArguments(range)}.`);
  }
  return { kind: "call", name, operands, span };
}
