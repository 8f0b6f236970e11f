// Options of one's own scenario: read from variables, checked like the project's own, and listed by `bench-runner scenarios`.
import { SharedArray } from "k6/data";
import type { Values } from "../../core/options/option.ts";
import { OWN_OPTIONS_MARK, type OwnOption } from "../../core/options/own-option.ts";
import { loadPart } from "../parts.ts";

/**
 * The values of a scenario's own options; for the init context, once.
 * @throws a text, which k6 prints as one line, for a value that does not fit: names variable, value and expectation
 */
export function defineOptions<const T extends Record<string, OwnOption>>(table: T): Values<T> {
  if (__ENV.SERVER_BENCH_LIST_OPTIONS === "1" && __VU === 0)
    console.info(OWN_OPTIONS_MARK + JSON.stringify(table));
  // One client works them out for all: what reads and checks options would weigh on each of them.
  const values = new SharedArray<Values<T>>("own options", () => [loadPart("once").resolveOwnOptions(table)]);
  return values[0] as Values<T>;
}
