// What tests do about a program that may not be installed: skip on a user's machine, fail where CI requires all.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "vitest";

/**
 * Full path of a program: `name` on PATH, or where the variable `variable` points. Where there is none the test is
 * skipped with a reason, or fails when SERVER_BENCH_REQUIRE_TOOLS is 1.
 */
export function needTool(context: TestContext, name: string, variable?: string): string {
  const own = variable === undefined ? undefined : process.env[variable];
  const candidates = own
    ? [own]
    : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  const found = candidates.find(isThere);
  if (found !== undefined) return found;
  const reason = own
    ? `${name} is missing: ${variable} points to ${own}`
    : `${name} is not installed${variable === undefined ? "" : `, and ${variable} is not set`}`;
  if (process.env.SERVER_BENCH_REQUIRE_TOOLS === "1") throw new Error(`${reason} (required here)`);
  return context.skip(reason);
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
