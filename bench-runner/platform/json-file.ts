// A JSON file that the user can repair or replace.
import { readFileSync } from "node:fs";
import { systemReason, UserError } from "./user-error.ts";

/**
 * @param remedy a sentence: what the user can do if it cannot be read
 * @param shown the file as the message names it
 * @throws UserError for a file that cannot be read or is no JSON object
 */
export function readJson<T>(path: string, remedy: string, shown = path): T {
  const refuse = (reason: string) => new UserError(`${shown} cannot be read: ${reason}. ${remedy}`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? "it is not valid JSON" : systemReason(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse("it is no JSON object");
  return value as T;
}
