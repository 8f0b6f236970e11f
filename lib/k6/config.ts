// The options of a scenario, from the environment of the k6 process.
import { checkAborts } from "../core/abort-check.ts";
import { LOAD_OPTIONS, type LoadOptions, OptionError, resolveOptions } from "../core/options.ts";

/**
 * Reads the `SERVER_BENCH_*` variables; for the init context.
 * @throws a text, not an Error: k6 prints that as one line, without a stack, and exits with 107
 */
export function readOptions(): LoadOptions {
  try {
    const { values } = resolveOptions(LOAD_OPTIONS, { variables: __ENV });
    checkAborts(values);
    return values;
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
