// The headers that a run adds to its requests: the key's and the user's; and which of their texts are secret.
import { OptionError } from "../option-error.ts";
import { isSecretHeader } from "../secret-names.ts";
import type { AuthStyle } from "./api.ts";
import { secretsOfUrl } from "./url-secrets.ts";

export interface ExtraHeaders {
  headers: Record<string, string>;
  /** Texts that must not be shown, wherever a server repeats them. */
  secrets: string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Shorter texts occur in answers by chance: hiding them would hide much else. */
const SHORTEST_SECRET = 6;

/** Azure's servers of OpenAI's API take a key by a header of its name; a bearer token is something else there. */
const AZURE =
  /^https?:\/\/[^/]*\.(openai|cognitiveservices|services\.ai)\.azure\.\w+(?=[:/?]|$)|\/openai\/deployments\//i;

/** How a server gets its key: as its API says, unless the user or the server's address says otherwise. */
export function toAuthStyle(
  { url, keyHeader }: { url: string; keyHeader?: string | undefined },
  style: AuthStyle = "bearer",
): AuthStyle {
  if (keyHeader !== undefined) return /^authorization$/i.test(keyHeader) ? "bearer" : keyHeader;
  return style === "bearer" && AZURE.test(url) ? "api-key" : style;
}

/** The header by which a server gets its key. */
export function toKeyHeader(key: string, style: AuthStyle = "bearer"): Record<string, string> {
  return style === "bearer" ? { Authorization: `Bearer ${key}` } : { [style]: key };
}

/** A text and, for "Bearer KEY", the key alone: a server may repeat either. Too short ones are left out. */
export function toSecrets(text: string): string[] {
  const words = [text, text.slice(text.lastIndexOf(" ") + 1)];
  return [...new Set(words)].filter((word) => word.length >= SHORTEST_SECRET);
}

/** @throws OptionError where a header's value names a variable that is not set */
function fillIn(name: string, text: string, variables: Variables): string {
  return text.replace(VARIABLE, (_, variable: string) => {
    const value = variables[variable];
    if (value === undefined || value === "") {
      throw new OptionError(`The header \`${name}\` needs the variable \`${variable}\`, which is not set.`);
    }
    return value;
  });
}

/**
 * Reads headers as the user writes them: "Name: value", where `${VARIABLE}` in a value is replaced by that variable's.
 * @throws OptionError for another form, and for a variable that is not set; the message has no value in it
 */
export function readHeaders(texts: readonly string[], variables: Variables): ExtraHeaders {
  const headers: Record<string, string> = {};
  const secrets: string[] = [];
  for (const text of texts) {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).trim();
    if (!NAME.test(name)) {
      throw new OptionError(
        "`--header` (`SERVER_BENCH_HEADERS`): expected `Name: value`, as in `--header 'X-Team: search'`.",
      );
    }
    const given = text.slice(colon + 1).trim();
    const value = fillIn(name, given, variables);
    if (/[\r\n\0]/.test(value)) {
      throw new OptionError(`The value of the header \`${name}\` has a line break: take it out.`);
    }
    headers[name] = value;
    if (value !== given || isSecretHeader(name)) secrets.push(...toSecrets(value));
  }
  return { headers, secrets };
}

/**
 * All headers that a run adds to its requests; the user's replace the key's.
 * @param texts see `readHeaders`
 * @throws OptionError
 */
export function toExtraHeaders(
  from: { apiKey?: string | undefined; auth?: AuthStyle; texts: readonly string[]; urls: readonly string[] },
  variables: Variables,
): ExtraHeaders {
  const { headers, secrets } = readHeaders(from.texts, variables);
  const { apiKey } = from;
  const all = apiKey === undefined ? headers : { ...toKeyHeader(apiKey, from.auth), ...headers };
  const urls = from.urls.flatMap(secretsOfUrl).flatMap(toSecrets);
  const key = apiKey === undefined ? [] : toSecrets(apiKey);
  return { headers: all, secrets: [...new Set([...key, ...secrets, ...urls])] };
}

/** A text without the secrets in it. */
export function hideIn(text: string, secrets: readonly string[]): string {
  // The longest first: one secret may be a part of another.
  const sorted = [...secrets].sort((a, b) => b.length - a.length);
  return sorted.reduce((left, secret) => left.replaceAll(secret, "(hidden)"), text);
}
