// What the report's charts share: words of their findings, the axis of milliseconds.
import { formatValue } from "../../../../lib/core/units.ts";
import type { Axis } from "../chart-spec.ts";

/** "" where there is no value. */
export function formatMs(ms: number | undefined): string {
  return formatValue(ms, "ms");
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Above this ratio of largest to smallest value, an even axis would flatten the small values. */
const LOG_FROM = 40;

/**
 * An axis of milliseconds, by magnitude where the values span several.
 * @param low values of which the smallest above 0 decides where such an axis begins
 * @param high values of which the largest decides whether it is one
 */
export function toMsAxis(title: string, low: readonly number[], high: readonly number[]): Axis {
  const smallest = low.reduce((least, ms) => (ms > 0 && ms < least ? ms : least), Number.POSITIVE_INFINITY);
  const largest = high.reduce((most, ms) => Math.max(most, ms), 0);
  return largest / smallest > LOG_FROM
    ? { title, unit: "ms", scale: "log", min: 10 ** Math.floor(Math.log10(smallest)) }
    : { title, unit: "ms" };
}
