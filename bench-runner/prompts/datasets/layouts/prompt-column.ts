// Rows with one column of prompts, as in a user's CSV, or with nothing else, as in lines of text.
import type { Layout, Values } from "../layout.ts";

/** The first of them that a file has contains its prompts. */
export const PROMPT_COLUMNS = ["prompt", "question", "text", "instruction", "input"] as const;

/** `a`, `b` or `c` */
const listNames = (names: readonly string[]) =>
  names
    .map((name) => `\`${name}\``)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");

/** @param columns in any case; the first that a row has contains its prompt */
export function toColumnLayout(columns: readonly string[]): Layout {
  const findColumn = (values: Values) => {
    const names = Object.keys(values);
    for (const column of columns) {
      const name = names.find((candidate) => candidate.toLowerCase() === column.toLowerCase());
      if (name !== undefined) return name;
    }
    return undefined;
  };
  return {
    shape: `column ${listNames(columns)}`,
    marks: columns.map((name) => [name]),
    columns,
    toContent(values) {
      const column = findColumn(values);
      const prompt = column && values[column];
      return typeof prompt === "string" ? { prompt } : undefined;
    },
  };
}
