// The words of a server that refuses a request, from the body of its answer. Pure.
import { toPlainLine, toShortLine } from "./plain-text.ts";

const MOST_CHARACTERS = 200;

/** Where the bodies of errors have their text; the first that is there counts. */
const PLACES: readonly (readonly string[])[] = [
  ["error", "message"],
  ["error"],
  ["message"],
  ["detail"],
  ["detail", "message"],
  ["detail", "0", "msg"],
];

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== "object" || inner === null) return undefined;
    inner = (inner as Record<string, unknown>)[key];
  }
  return typeof inner === "string" && inner.trim() !== "" ? inner : undefined;
}

/** @returns one line, shortened; undefined for a page, an empty body, and JSON without such a text */
export function serverWords(body: string): string | undefined {
  let said: string | undefined;
  try {
    const value: unknown = JSON.parse(body);
    said = typeof value === "string" ? value : PLACES.map((path) => textAt(value, path)).find(Boolean);
  } catch {
    said = /^\s*</.test(body) ? undefined : body;
  }
  const line = said && toPlainLine(toShortLine(said));
  if (!line) return undefined;
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}
