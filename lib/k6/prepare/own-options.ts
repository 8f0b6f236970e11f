// The options of a user's scenario: read from variables, checked like the project's own, listed by `bench-runner scenarios`.
import { SharedArray } from "k6/data";
import type { Values } from "../../core/options/option.ts";
import { OWN_OPTIONS_MARK, type OwnOption } from "../../core/options/own-option.ts";
import { loadPart } from "../parts.ts";

/**
 * The values of a scenario's own options; for the init context, call it once.
 * @throws a text, which k6 prints as one line, for a value that does not fit: names variable, value and expectation
 */
export function defineOptions<const T extends Record<string, OwnOption>>(table: T): Values<T> {
  if (__ENV.SERVER_BENCH_LIST_OPTIONS === "1" && __VU === 0)
    console.info(OWN_OPTIONS_MARK + JSON.stringify(table));
  // One client resolves them for all, because the code that checks options takes memory in each client that loads it.
  const values = new SharedArray<Values<T>>("own options", () => [
    loadPart("prepare").resolveOwnOptions(table),
  ]);
  return values[0] as Values<T>;
}
