// What can be wrong with a user's own scenario, in sentences that say where and what to do. Pure.
import type { BuildFailure, Message } from "esbuild";
import { EXIT } from "../../platform/exit-codes.ts";
import { LARGEST_SCENARIO_BYTES } from "../../platform/scenario-bundle.mjs";
import { UserError } from "../../platform/user-error.ts";

/** npm packages and Node's modules are what people try. */
const POSSIBLE_IMPORTS =
  "A scenario can import its own files (by a path that begins with `./` or `../`), `k6`, `k6/…`, `server-bench` or a URL. " +
  "npm packages and Node's modules do not run in k6.";

/** "my.ts:3:7: Expected …"; esbuild counts columns from 0, editors from 1. */
function describeMessage({ location, text }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/**
 * @param given the scenario as the user knows it
 * @param error what esbuild threw
 */
export function toBundleError(given: string, error: unknown): UserError {
  const { errors = [] } = error as Partial<BuildFailure>;
  if (errors.length === 0) {
    const { message } = error as Error;
    return new UserError(`esbuild cannot bundle \`${given}\`: ${message}. Run \`npm run setup\`.`);
  }
  const isByName = errors.some(({ text }) => /^Could not resolve "[^./]/.test(text));
  const lines = errors.map((message) => `  ${describeMessage(message)}`);
  return new UserError(
    [`The scenario \`${given}\` cannot be bundled:`, ...lines, ...(isByName ? [POSSIBLE_IMPORTS] : [])].join(
      "\n",
    ),
    EXIT.usage,
  );
}

/** @param name of the npm package that is in the bundle */
export function toPackageError(given: string, name: string): UserError {
  return new UserError(
    `The scenario \`${given}\` contains the npm package \`${name}\`, but a scenario cannot use npm packages: every k6 ` +
      "client loads the whole bundle. Copy the function that you need into a file of your own.",
    EXIT.usage,
  );
}

/** @param bytes size of the bundle */
export function toSizeError(given: string, bytes: number): UserError {
  const size = `${(bytes / 1024).toFixed(1)} KB as a bundle, more than ${LARGEST_SCENARIO_BYTES / 1024} KB`;
  return new UserError(
    `The scenario \`${given}\` has ${size}: every k6 client loads it whole, about 15 KB of memory for each KB. ` +
      "Leave out what it does not need, and read data by `open` in a `SharedArray` instead of importing it.",
    EXIT.usage,
  );
}
