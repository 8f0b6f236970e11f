// The text of a first server-bench.yaml: the few options that matter with their defaults, all others as comments. Pure.
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { ALL_OPTIONS, GROUPED_OPTIONS, toOptionText, toPlaceholder } from "../../config/option-flags.ts";
import { wrapToWidth } from "../../platform/terminal-text.ts";

export const CONFIG_FILE = "server-bench.yaml";

const WIDTH = 100;

/** The options that most people set first, in this order. */
export const SHOWN_KEYS = ["url", "maxTokens", "seed", "name", "output"] as const;

/** A value as YAML takes it: plain where that is unambiguous, otherwise as JSON, which is YAML as well. */
export function toYamlValue(text: string): string {
  return /^[A-Za-z0-9./][\w./:-]*$/.test(text) && !text.endsWith(":") ? text : JSON.stringify(text);
}

/** "maxTokens: 512"; for an option without a default its placeholder: "vus: <n>". */
function toLine(key: string, spec: OptionSpec): string {
  if (spec.default !== undefined) {
    const value = typeof spec.default === "string" ? toYamlValue(spec.default) : toOptionText(spec.default);
    return `${key}: ${value}`;
  }
  return `${key}: ${spec.kind === "switch" ? "true" : toPlaceholder(spec)}`;
}

function toComment(text: string, indent: string): string[] {
  return wrapToWidth(text, WIDTH - indent.length).map((line) => `${indent}${line}`);
}

/** Keys that are allowed in a file: all but secrets. */
export function listKeys(): string[] {
  const keys = GROUPED_OPTIONS.flatMap(([, keys]) => keys);
  return keys.filter((key) => ALL_OPTIONS[key] !== undefined && !ALL_OPTIONS[key].secret);
}

function toShownBlock(key: string): string[] {
  return [...toComment(ALL_OPTIONS[key]?.text ?? "", "# "), toLine(key, ALL_OPTIONS[key] as OptionSpec), ""];
}

function toHiddenBlock(key: string): string[] {
  const line = `# ${toLine(key, ALL_OPTIONS[key] as OptionSpec)}`;
  return [...toComment(ALL_OPTIONS[key]?.text ?? "", "#     "), line];
}

/** The file. */
export function toConfigYaml(): string {
  const known = listKeys();
  const hidden = (keys: readonly string[]) =>
    keys.filter((key) => known.includes(key) && !(SHOWN_KEYS as readonly string[]).includes(key));
  const groups = GROUPED_OPTIONS.flatMap(([heading, options]) => {
    const keys = hidden(options);
    return keys.length === 0 ? [] : [`# --- ${heading} ---`, ...keys.flatMap(toHiddenBlock), "#"];
  });
  return `${[
    ...toComment("The options of a run of server-bench; flags and variables override them.", "# "),
    ...toComment("Do not put a key for the server here: use the variable SERVER_BENCH_API_KEY.", "# "),
    "",
    ...SHOWN_KEYS.flatMap(toShownBlock),
    ...toComment(
      "All other options with their defaults; <…> marks an option that has none. Remove the `# ` before a key to use it.",
      "# ",
    ),
    "#",
    ...groups,
  ].join("\n")}\n`;
}
