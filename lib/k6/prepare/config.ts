// The options of a scenario, and those of a user's own, from the environment of the k6 process.
import { checkAborts } from "../../core/goals/abort-check.ts";
import { OptionError } from "../../core/option-error.ts";
import { type OptionSpec, resolveOptions, type Values } from "../../core/options/options.ts";
import { type ResolvedLoad, resolveLoad } from "../../core/options/resolve-load.ts";

/** Reads the `SERVER_BENCH_*` variables; for the init context. @throws OptionError */
export function readOptions(): ResolvedLoad {
  const resolved = resolveLoad({ variables: __ENV });
  checkAborts(resolved.load);
  return resolved;
}

/** The values of a user's own table. @throws a text for a value that does not fit */
export function resolveOwnOptions<T extends Record<string, OptionSpec>>(table: T): Values<T> {
  try {
    return resolveOptions(table, { variables: __ENV }).values;
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
