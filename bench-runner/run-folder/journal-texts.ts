// The texts of a journal's requests that come from the server: data to be shown, each one short line.
import type { FieldValue, RequestLine } from "../../lib/core/request/facts.ts";
import { toShortLine } from "../platform/plain-text.ts";

/** Changes the texts of a line that was just read. Values of a wrong type stay what they are. */
export function shortenTexts(line: RequestLine): void {
  const { error, fields, unread } = line;
  for (const key of ["contentType", "inBandError", "badUsage", "body"] as const) {
    const text = line[key];
    if (typeof text === "string") line[key] = toShortLine(text);
  }
  if (typeof error?.message === "string") error.message = toShortLine(error.message);
  if (Array.isArray(unread)) line.unread = unread.map((path) => shorten(path) as string);
  for (const key in fields) fields[key] = shorten(fields[key] as FieldValue);
}

function shorten(value: FieldValue): FieldValue {
  return typeof value === "string" ? toShortLine(value) : value;
}
