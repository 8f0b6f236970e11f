// A JSON file that the user can repair or replace.
import { readFileSync } from "node:fs";
import { systemReason, UserError } from "./user-error.ts";

/**
 * @param remedy a sentence: what the user can do if it cannot be read
 * @param shown the file as the message names it
 * @throws UserError for a file that cannot be read or is not valid JSON
 */
export function readJson<T>(path: string, remedy: string, shown = path): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not valid JSON" : systemReason(error);
    throw new UserError(`${shown} cannot be read: ${reason}. ${remedy}`);
  }
}
