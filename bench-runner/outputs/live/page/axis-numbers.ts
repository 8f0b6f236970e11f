// Numbers of the live charts, as their readers write them, and the round end of an axis.

/** Whole where it is large or whole, else with one or two decimals; in the browser's language. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below the value; 1 where that is not above 0. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}

export function formatTime(unixMs: number): string {
  return new Date(unixMs).toLocaleTimeString();
}
