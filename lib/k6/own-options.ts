// Options of one's own scenario: read from variables, checked like the project's own, and listed by `bench-runner scenarios`.
import { OptionError, resolveOptions, type Values } from "../core/options.ts";
import { OWN_OPTIONS_MARK, type OwnOption } from "../core/own-option.ts";

/**
 * The values of a scenario's own options; for the init context, once.
 * @throws a text, which k6 prints as one line, for a value that does not fit: names variable, value and expectation
 */
export function defineOptions<const T extends Record<string, OwnOption>>(table: T): Values<T> {
  if (__ENV.SERVER_BENCH_LIST_OPTIONS === "1" && __VU === 0)
    console.info(OWN_OPTIONS_MARK + JSON.stringify(table));
  try {
    return resolveOptions(table, { variables: __ENV }).values;
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
