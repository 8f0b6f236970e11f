// What a name, a call or a number in an arrival function stands for.
import type { UserError } from "../../platform/user-error.ts";
import { functionMistake } from "./function-mistake.ts";
import {
  CONSTANTS,
  describeArguments,
  FUNCTIONS,
  type FunctionSpec,
  isFunctionName,
  withoutModule,
} from "./function-names.ts";
import type { FunctionNode, Span } from "./function-tree.ts";

/** The function that is read; its variable hides a constant or function of the same name. */
export interface Scope {
  text: string;
  variable: string;
}

/** @throws UserError for a number above 1.8e308 */
export function toNumber(scope: Scope, source: string, span: Span): FunctionNode {
  const value = Number(source.replaceAll("_", ""));
  if (Number.isFinite(value)) return { kind: "constant", value, span };
  throw functionMistake(scope.text, span, " has a number above the largest, 1.8e308.");
}

/** @throws UserError for a name that is neither the variable nor a constant */
export function lookUpName(scope: Scope, source: string, span: Span): FunctionNode {
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
export function lookUpCall(
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
