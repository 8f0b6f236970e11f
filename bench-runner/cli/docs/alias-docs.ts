// docs/aliases.md from the tables of names that are accepted here for options. Pure.

import { ENV_SETUP } from "../../config/files/env-setup.ts";
import { FLAG_ALIASES } from "../../config/files/flag-aliases.ts";
import { SECTION_ALIASES } from "../../config/files/section-keys.ts";
import { ALL_OPTIONS } from "../../config/option-flags.ts";
import { renderMarkdownTable } from "../../outputs/table/markdown-table.ts";
import { toTextTable } from "../../outputs/table/table.ts";

const table = (titles: string[], rows: string[][]) => renderMarkdownTable(toTextTable(titles, rows));
const code = (text: string) => `\`${text}\``;
const flagOf = (key: string) => code(`--${ALL_OPTIONS[key]?.flag ?? key}`);

/** Flags that have the same name, and mean the same. */
const SAME = [
  ...["model", "duration", "maxTokens", "temperature", "promptType", "maxConcurrency", "tokenizer"],
  ...["threadStopTime", "seed", "repeat", "throughputOnly"],
];

export const ALIAS_TABLES = {
  "flag-aliases": () =>
    table(
      ["flag", "here", "note"],
      Object.entries(FLAG_ALIASES).map(([name, alias]) => [
        code(`--${name}`),
        "refused" in alias ? "–" : alias.to.map(flagOf).join(name === "concurrency" ? " or " : " and "),
        "refused" in alias ? `refused: ${alias.refused}` : (alias.note ?? "–"),
      ]),
    ),
  "same-flags": () => SAME.map(flagOf).join(", "),
  "env-setup": () =>
    table(
      ["variable", "here"],
      ENV_SETUP.map(({ name, meaning }) => [code(name), meaning]),
    ),
  "yaml-aliases": () =>
    table(
      ["key", "where", "option"],
      Object.entries(SECTION_ALIASES).flatMap(([section, names]) =>
        Object.entries(names).map(([name, key]) => [
          code(name),
          section === "top" ? "at the top of server-bench.yaml" : section,
          code(key),
        ]),
      ),
    ),
} as const satisfies Record<string, () => string>;
