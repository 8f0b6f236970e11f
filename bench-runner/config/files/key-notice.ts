// The notice about a key that a file contains in plain text. Pure.
import type { TargetEntry } from "./config-set.ts";
import { hasReference } from "./option-text.ts";

/** Placeholders that people write for a server without a key. */
const NO_KEY = /^(empty|none|null|dummy|test|token|no-?key|not-?needed|x+|-)?$/i;

const isLocal = (url: string | undefined) =>
  /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])([:/]|$)/i.test(url ?? "");

/** One sentence; undefined without a key, with a variable instead, and for a server on this machine. */
export function describePlainKey({ options }: TargetEntry): string | undefined {
  const { apiKey, url } = options;
  if (apiKey === undefined || hasReference(apiKey.text) || NO_KEY.test(apiKey.text) || isLocal(url?.text)) {
    return undefined;
  }
  const { file, line } = apiKey.place;
  return `${file}:${line}: this file contains a key in plain text. Put it into a variable, and write \`api_key_env: NAME\`.`;
}
