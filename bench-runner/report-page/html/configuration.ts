// What was asked for and where it ran: commands and files to copy, options and environment to read.
import type { EnvironmentFile } from "../../run-files.ts";
import type { Summary } from "../../summary.ts";
import { type Html, html } from "./html.ts";
import { toTable } from "./tables.ts";

/** As a POSIX shell takes them. */
export function toShellCommand(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}

/** A text with a button that copies it. @param id of the element that holds the text */
export function toCopyable(id: string, title: string, text: string): Html {
  return html`<div class="copyable"><div class="bar"><h3>${title}</h3><button type="button" hidden data-copy="${id}" aria-label="Copy: ${title}">Copy</button></div><pre id="${id}" tabindex="0" role="region" aria-label="${title}">${text}</pre></div>`;
}

export function toConfigurationSection(
  summary: Summary,
  commands: { server?: string[]; k6?: string[] },
): Html {
  const { values, ...load } = summary.configuration;
  const rows = Object.entries({ ...load, ...values }).map(([key, value]): [string, string] => [
    key,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return html`${commands.server && toCopyable("command-server", "Command of the server", toShellCommand(commands.server))}
${commands.k6 && toCopyable("command-k6", "Command of k6", toShellCommand(commands.k6))}
<details><summary>All ${rows.length} options</summary>${toTable("Options", ["option", "value"], rows, "texts")}
${toCopyable("configuration-json", "Configuration as JSON", JSON.stringify(summary.configuration, null, 2))}</details>`;
}

export function toEnvironmentSection(environment: EnvironmentFile | undefined): Html | undefined {
  if (environment === undefined) return undefined;
  const { schema: _, ...known } = environment;
  return html`${toTable("Environment", ["what", "value"], flatten(known), "texts")}
${toCopyable("environment-json", "Environment as JSON", JSON.stringify(environment, null, 2))}`;
}

/** "cpu model", "server build", … with their values. */
function flatten(value: object, above: readonly string[] = []): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    const path = Array.isArray(value) ? [...above, String(Number(key) + 1)] : [...above, key];
    if (inner === undefined) return [];
    return typeof inner === "object" && inner !== null
      ? flatten(inner, path)
      : [[path.join(" "), String(inner)]];
  });
}
