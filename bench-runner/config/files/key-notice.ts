// A key that stands in a file as it is: what to say of it. Pure.
import type { TargetEntry } from "./config-set.ts";
import { hasReference } from "./option-text.ts";

/** What people write where a server wants none. */
const NO_KEY = /^(empty|none|null|dummy|test|token|no-?key|not-?needed|x+|-)?$/i;

const isLocal = (url: string | undefined) =>
  /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])([:/]|$)/i.test(url ?? "");

/** One sentence; undefined where there is no key, where a variable holds it, and for a server of this machine. */
export function describePlainKey({ options }: TargetEntry): string | undefined {
  const { apiKey, url } = options;
  if (apiKey === undefined || hasReference(apiKey.text) || NO_KEY.test(apiKey.text) || isLocal(url?.text)) {
    return undefined;
  }
  const { file, line } = apiKey.place;
  return `${file}:${line}: a key stands in this file for everyone who reads it. Put it into a variable, and write \`api_key_env: NAME\`.`;
}
