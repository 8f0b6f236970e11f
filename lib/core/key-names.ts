// A key of a table in the spellings of files and commands: `maxTokens`, `max_tokens`, `max-tokens`.

/** `maxTokens` → `max_tokens`: columns of CSV files, keys of YAML files. */
export function toSnake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `maxTokens` → `max-tokens`: flags, requirements. */
export function toKebab(key: string): string {
  return toSnake(key).replaceAll("_", "-");
}
