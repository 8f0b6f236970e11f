// The configuration and environment of a run: commands and files to copy, options and environment to read.
import { formatValue } from "../../../../lib/core/units.ts";
import { quoteWord } from "../../../platform/shell-word.ts";
import type { ConfigFile, EnvironmentFile } from "../../../run-folder/run-files.ts";
import type { Summary } from "../../../summary/summary.ts";
import { type Html, html } from "../../html.ts";
import { renderHtmlTable } from "../../table/html-table.ts";
import { toTextTable } from "../../table/table.ts";

/** Quoted for a POSIX shell. */
export function toShellCommand(words: readonly string[]): string {
  return words.map((word) => quoteWord(word, { keepTilde: true })).join(" ");
}

/** A text with a button that copies it. @param id the id of the element that holds the text */
export function toCopyable(id: string, title: string, text: string): Html {
  return html`<div class="copyable"><div class="bar"><h3>${title}</h3><button type="button" hidden data-copy="${id}" aria-label="Copy: ${title}">Copy</button></div><pre id="${id}" tabindex="0" role="region" aria-label="${title}">${text}</pre></div>`;
}

/** The variables that name k6's output files: a command that is run again must not overwrite this run. */
const OUTPUTS = ["SERVER_BENCH_JOURNAL", "SERVER_BENCH_K6_SUMMARY", "SERVER_BENCH_QUIET"];

/** One shell command, with a line per variable: the same load again, from the files of the run. */
export function toK6Command({ k6 = [], k6Variables = {} }: ConfigFile["commands"]): string {
  const variables = Object.entries(k6Variables).filter(([name]) => !OUTPUTS.includes(name));
  const lines = variables.map(([name, value]) => `${name}=${toShellCommand([value])}`);
  return [...lines, toShellCommand(k6)].join(" \\\n");
}

export function toConfigurationSection(summary: Summary, commands: ConfigFile["commands"]): Html {
  const { values, ...load } = summary.configuration;
  const rows = Object.entries({ ...load, ...values }).map(([key, value]): [string, string] => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return html`${commands.server && toCopyable("command-server", "Server command", toShellCommand(commands.server))}
${commands.k6 && toCopyable("command-k6", "k6 command", toK6Command(commands))}
${commands.k6Variables && html`<p class="note">The same load again, with k6's own summary and without the runner's files. Keys are not shown: a server that requires one needs <code>SERVER_BENCH_API_KEY</code>.</p>`}
<details><summary>All ${rows.length} options</summary>${renderHtmlTable("Options", toTextTable(["option", "value"], rows))}
${toCopyable("configuration-json", "Configuration as JSON", JSON.stringify(summary.configuration, null, 2))}</details>`;
}

export function toEnvironmentSection(environment: EnvironmentFile | undefined): Html | undefined {
  if (environment === undefined) return undefined;
  const { schema: _, ...known } = environment;
  return html`${renderHtmlTable("Environment", toTextTable(["what", "value"], flatten(known)))}
${toCopyable("environment-json", "Environment as JSON", JSON.stringify(environment, null, 2))}`;
}

/** "cpu model", "server build", … with their values. */
function flatten(value: object, above: readonly string[] = []): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    const path = Array.isArray(value) ? [...above, String(Number(key) + 1)] : [...above, key];
    if (inner === undefined) return [];
    return typeof inner === "object" && inner !== null ? flatten(inner, path) : [toRow(path, inner)];
  });
}

/** "cpu logicalCores" → "cpu logical cores"; bytes are shown in megabytes. */
function toRow(path: readonly string[], value: unknown): [string, string] {
  const words = path.join(" ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const isBytes = / bytes$/.test(words) && typeof value === "number";
  return isBytes ? [words.replace(/ bytes$/, ""), formatValue(value, "bytes")] : [words, String(value)];
}
