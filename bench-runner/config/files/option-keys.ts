// How options are written in YAML: by their key (maxTokens), or as max_tokens and max-tokens. Pure.
import { ALL_OPTIONS } from "../option-flags.ts";

/** `maxTokens` → `max_tokens`, the spelling that documents and schemas use. */
export function toSnake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function toKebab(key: string): string {
  return toSnake(key).replaceAll("_", "-");
}

/** Every way to write the key of an option. */
export function spellingsOf(key: string): string[] {
  const flag = ALL_OPTIONS[key]?.flag;
  return [...new Set([toSnake(key), key, toKebab(key), ...(flag === undefined ? [] : [flag])])];
}

const KEYS = new Map(
  Object.keys(ALL_OPTIONS).flatMap((key) => spellingsOf(key).map((name) => [name, key] as const)),
);

/** The key of the option that is written so; undefined for none. */
export function findOptionKey(name: string): string | undefined {
  return KEYS.get(name);
}
