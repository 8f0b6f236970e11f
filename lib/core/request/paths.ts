// Values at the paths of a dialect, within a parsed event.
import type { When } from "./dialect.ts";

/** The values at a dotted path; `*` is any element. */
export function valuesAt(value: unknown, path: string): unknown[] {
  let found = [value];
  for (const part of path.split(".")) {
    found = found.flatMap((parent) => {
      if (parent === null || typeof parent !== "object") return [];
      return part === "*"
        ? Array.isArray(parent)
          ? parent
          : []
        : [(parent as Record<string, unknown>)[part]];
    });
  }
  return found;
}

/** Whether the predicate holds for an event of this name; without one it does. */
export function applies(when: When | undefined, value: unknown, name: string): boolean {
  if (when === undefined) return true;
  const { path, equals } = when;
  if (path === "@event") return name === equals;
  const found = valuesAt(value, path);
  return equals === undefined ? found.some((one) => one != null) : found.includes(equals);
}
