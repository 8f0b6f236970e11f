// A JSON file that the user can repair or replace.
import { readFileSync } from "node:fs";
import { findMisfit, type Shape } from "./json-shape.ts";
import { systemReason, UserError } from "./user-error.ts";

/**
 * @param remedy a sentence: what the user can do if it cannot be read
 * @param shape what its readers count on
 * @param shown the file as the message names it
 * @throws UserError for a file that cannot be read or is no JSON object of that shape
 */
export function readJson<T>(path: string, remedy: string, shape: Shape = {}, shown = path): T {
  const refuse = (reason: string) => new UserError(`${shown} cannot be read: ${reason}. ${remedy}`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? "it is not valid JSON" : systemReason(error));
  }
  const misfit = findMisfit(value, shape);
  if (misfit !== undefined) throw refuse(misfit);
  return value as T;
}
