// A YAML value → the text that the option table takes, checked there and then. Pure.

import { OptionError } from "../../../lib/core/option-error.ts";
import { type OptionSpec, parseOption } from "../../../lib/core/options/option.ts";
import type { Variables } from "../../platform/context.ts";
import { errorAt, type Place, type YamlValue } from "./yaml-file.ts";

/** The text of an option and its place. A text with `${NAME}` in it is checked when the variable is known. */
export interface PlacedText {
  text: string;
  place: Place;
  /** As it is written there. */
  key: string;
}

const REFERENCE = /\$\{(\w+)(?::-([^}]*))?\}/g;

export function hasReference(text: string): boolean {
  return text.search(REFERENCE) >= 0;
}

/**
 * @param key as it is written, for messages
 * @returns undefined for a key without a value
 * @throws UserError for a value that does not fit the option
 */
export function toOptionText(spec: OptionSpec, key: string, value: YamlValue): PlacedText | undefined {
  const text = toText(spec, key, value);
  if (text === undefined) return undefined;
  const placed = { text, key, place: value.place };
  if (!hasReference(text)) checkText(spec, placed);
  return placed;
}

/** @throws UserError */
export function checkText(spec: OptionSpec, { text, key, place }: PlacedText): void {
  try {
    parseOption(spec, text, `\`${key}\``);
  } catch (error) {
    if (error instanceof OptionError) throw errorAt(place, error.message);
    throw error;
  }
}

/**
 * The text with each `${NAME}` replaced by the variable, each `${NAME:-text}` by the variable or that text.
 * @throws UserError where a variable is not set
 */
export function withVariables({ text, key, place }: PlacedText, variables: Variables): string {
  return text.replace(REFERENCE, (_, name: string, otherwise: string | undefined) => {
    const value = variables[name] || otherwise;
    if (value !== undefined) return value;
    throw errorAt(
      place,
      `\`${key}\` needs the variable \`${name}\`, which is not set. Set it, or write \`\${${name}:-text}\` for what counts without it.`,
    );
  });
}

function toText(spec: OptionSpec, key: string, value: YamlValue): string | undefined {
  if (value.kind === "value") {
    if (value.value === null) return undefined;
    // A name such as 007 stays as it is written; `1_000` and 1e3 are numbers.
    if (typeof value.value === "number" && !isNumeric(spec)) return value.source;
    return String(value.value);
  }
  if (spec.kind === "json") return JSON.stringify(toPlain(value));
  if (spec.kind === "words") return JSON.stringify(toWords(spec, key, value));
  throw errorAt(value.place, `\`${key}\` is one value, not a ${value.kind === "map" ? "mapping" : "list"}.`);
}

function isNumeric({ kind }: OptionSpec): boolean {
  return ["count", "whole", "number", "positive", "share", "seconds"].includes(kind);
}

/** A list of words; of headers and variables also a mapping, name by name. */
function toWords(spec: OptionSpec, key: string, value: Exclude<YamlValue, { kind: "value" }>): string[] {
  if (value.kind === "list") return value.items.map((item) => toWord(key, item));
  const between = { header: ": ", "server-env": "=" }[spec.flag ?? ""];
  if (between !== undefined)
    return value.entries.map((entry) => `${entry.key}${between}${toWord(key, entry.value)}`);
  throw errorAt(value.place, `\`${key}\` is a word or a list of words, not a mapping.`);
}

function toWord(key: string, value: YamlValue): string {
  if (value.kind === "value" && value.value !== null) {
    return typeof value.value === "number" ? value.source : String(value.value);
  }
  throw errorAt(value.place, `\`${key}\` is a list of words: put each into quotes.`);
}

/** As JSON has it. */
export function toPlain(value: YamlValue): unknown {
  if (value.kind === "value") return value.value;
  if (value.kind === "list") return value.items.map(toPlain);
  return Object.fromEntries(value.entries.map((entry) => [entry.key, toPlain(entry.value)]));
}
