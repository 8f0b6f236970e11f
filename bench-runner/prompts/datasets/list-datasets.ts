// The command `datasets list`: the datasets with a short name, and which of them are fetched.

import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import type { Variables } from "../../platform/context.ts";
import { findFetched } from "./fetched-dataset.ts";
import { KNOWN_DATASETS, type KnownDataset, OWN_PROMPTS } from "./known-datasets.ts";

/** Two lines: its place; its size, its licence, and whether it is fetched. */
function toLines(name: string, known: KnownDataset, fetched: string | undefined): [string, string] {
  const { repo, file, bytes, licence, isGated } = known;
  const facts = [
    ...(bytes === undefined ? [] : [`about ${formatValue(bytes, "bytes")}`]),
    `licence ${licence}`,
    ...(isGated ? ["gated: accept its terms on its page, and set HF_TOKEN"] : []),
    fetched ?? `not fetched: \`datasets fetch ${name}\``,
  ];
  return [`${repo}, ${file}`, facts.join(" · ")];
}

/** The text of the command. */
export function listDatasets(variables: Variables): string {
  const { file, rows, licence } = OWN_PROMPTS;
  const entries: [string, [string, string]][] = [
    [
      "(default)",
      [`the project's own prompts, ${file}`, `${formatNumber(rows, "count")} prompts · licence ${licence}`],
    ],
    ...Object.entries(KNOWN_DATASETS).map(([name, known]): [string, [string, string]] => [
      name,
      toLines(name, known, findFetched(name, variables)),
    ]),
  ];
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  const texts = entries.map(
    ([name, [first, second]]) => `${name.padEnd(width)}${first}\n${" ".repeat(width)}${second}`,
  );
  return [
    ...texts,
    "",
    "Licences are those stated on their pages. Any other file: `datasets fetch OWNER/REPO/path/in/repo`, or an address.",
    "Fetched files are in the user's cache folder; `--dataset NAME` reads them from there.",
  ].join("\n");
}
