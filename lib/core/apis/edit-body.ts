// Gives fields of a body another name, or leaves them out: for each request, in the runs that ask for it. Pure.
import type { BodyEdit } from "./body-edits.ts";

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function editOne(body: Fields, [key = "", ...deeper]: readonly string[], to: string | undefined): Fields {
  if (!(key in body)) return body;
  const inner = body[key];
  if (deeper.length > 0) return isObject(inner) ? { ...body, [key]: editOne(inner, deeper, to) } : body;
  const { [key]: value, ...others } = body;
  return to === undefined ? others : { ...others, [to]: value };
}

/** A body with the changes, one after the other; a field that it does not have is no error. The given body stays as it is. */
export function editBody(body: Readonly<Fields>, edits: readonly BodyEdit[]): Fields {
  return edits.reduce((edited: Fields, { path, to }) => editOne(edited, path, to), body);
}
