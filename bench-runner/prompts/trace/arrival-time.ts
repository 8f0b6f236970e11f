// The times of the public traces, which have three forms, as milliseconds.

export type TimeForm = "milliseconds" | "seconds" | "date";

const DATE = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)? ?(?:Z|([+-]\d\d)(?::?(\d\d))?)?$/i;

/** JSON's numbers and CSV's texts alike. */
function toNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A whole number of 0 or more. */
export function toCount(value: unknown): number | undefined {
  const number = toNumber(value);
  return number !== undefined && number >= 0 && Number.isSafeInteger(number) ? number : undefined;
}

/** Any number of digits behind the second's point; a date without a zone is taken as UTC. */
function toUnixMs(value: unknown): number | undefined {
  const [whole, day, clock, fraction = "0", hours, minutes = "00"] = DATE.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  // Date.parse keeps three digits of the fraction; Azure's have seven.
  const seconds = Date.parse(`${day}T${clock}${hours === undefined ? "Z" : `${hours}:${minutes}`}`);
  return Number.isNaN(seconds) ? undefined : seconds + Number(fraction) * 1000;
}

function toMs(value: unknown, unitMs: number): number | undefined {
  const number = toNumber(value);
  return number === undefined || number < 0 ? undefined : number * unitMs;
}

/** Each form: its description, and the time in ms since some origin; undefined for any other value. */
export const TIME_FORMS: Readonly<
  Record<TimeForm, { words: string; read: (value: unknown) => number | undefined }>
> = {
  milliseconds: { words: "a number of milliseconds", read: (value) => toMs(value, 1) },
  seconds: { words: "a number of seconds", read: (value) => toMs(value, 1000) },
  date: { words: "a time like `2023-11-16 18:15:46.6805900`", read: toUnixMs },
};
