// Whether a value that was read has the types that the code counts on. Pure.

/**
 * What a value is: a type's name, a list of one shape, or an object with a shape for each of its keys. A key that ends in "?" may
 * be absent, "*" stands for all other keys; keys that are not named may be there.
 */
export type Shape = "text" | "number" | "flag" | "any" | readonly [Shape] | { readonly [key: string]: Shape };

/** @returns "`cpu.logicalCores` is a text, where a number belongs"; undefined if everything fits */
export function findMisfit(value: unknown, shape: Shape, path = ""): string | undefined {
  if (shape === "any") return undefined;
  const found = typeOf(value);
  const wanted = typeof shape === "string" ? shape : Array.isArray(shape) ? "list" : "object";
  if (found !== wanted) {
    return `${path === "" ? "it" : `\`${path}\``} is ${ARTICLES[found]}, where ${ARTICLES[wanted]} belongs`;
  }
  if (typeof shape === "string") return undefined;
  const at = (key: string | number) => (path === "" ? `${key}` : `${path}.${key}`);
  if (Array.isArray(shape)) {
    return firstOf((value as unknown[]).entries(), ([index, one]) => findMisfit(one, shape[0], at(index)));
  }
  const fields = value as Record<string, unknown>;
  const { "*": others, ...named } = shape as Record<string, Shape>;
  const misfit = firstOf(Object.entries(named), ([name, inner]) => {
    const key = name.replace(/\?$/, "");
    return key !== name && fields[key] === undefined ? undefined : findMisfit(fields[key], inner, at(key));
  });
  if (misfit !== undefined || others === undefined) return misfit;
  return firstOf(Object.entries(fields), ([key, one]) => findMisfit(one, others, at(key)));
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
}

const ARTICLES = {
  nothing: "missing",
  null: "null",
  text: "a text",
  number: "a number",
  flag: "true or false",
  list: "a list",
  object: "an object",
} as const;

function typeOf(value: unknown): keyof typeof ARTICLES {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "number";
    case "boolean":
      return "flag";
    default:
      return "object";
  }
}
