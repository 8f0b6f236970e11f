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
  const refuse = (reason: string) => unreadable(shown, reason, remedy);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? "it is not valid JSON" : systemReason(error));
  }
  checkShape(value, shape, remedy, shown);
  return value as T;
}

/** @throws UserError where a value of a file is not what its readers count on */
export function checkShape(value: unknown, shape: Shape, remedy: string, shown: string): void {
  const misfit = findMisfit(value, shape);
  if (misfit !== undefined) throw unreadable(shown, misfit, remedy);
}

function unreadable(shown: string, reason: string, remedy: string): UserError {
  return new UserError(`${shown} cannot be read: ${reason}. ${remedy}`);
}
