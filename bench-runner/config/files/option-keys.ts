// How options are written in YAML: by their key (maxTokens), or as max_tokens and max-tokens. Pure.
import { toKebab, toSnake } from "../../../lib/core/key-names.ts";
import { ALL_OPTIONS } from "../option-flags.ts";

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
