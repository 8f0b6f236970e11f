// What of a URL must not be shown: user name and password, and keys in its query. Pure.
//
// A URL is taken apart as browsers, Node and Go do it (https://url.spec.whatwg.org/#url-parsing): the user ends at the last `@`
// before the path. k6's JavaScript has no `URL`; the tests compare with Node's.
import { toBase64 } from "../base64.ts";
import { isSecretName } from "../secret-names.ts";

const HIDDEN = "(hidden)";

/** Of http and https any number of slashes may be missing or turned around; other schemes have two of them. */
const SCHEME = /^\s*(?:https?:[/\\]*|[a-z][a-z0-9+.-]*:\/\/)?/i;

interface Parts {
  scheme: string;
  /** "name" or "name:password", as written. */
  user: string | undefined;
  /** From the host on. */
  rest: string;
}

function split(url: string): Parts {
  const text = url.replace(/[\t\r\n]/g, "");
  const [scheme = ""] = SCHEME.exec(text) ?? [];
  const after = text.slice(scheme.length);
  const [authority = ""] = /^[^/\\?#]*/.exec(after) ?? [];
  const last = authority.lastIndexOf("@");
  // A port that is no number: `http://me:a/b@host`, whose password is not encoded. It is no URL, and is shown in errors.
  const at = last < 0 && /:(?!\d*$)[^\]]*$/.test(authority) ? after.lastIndexOf("@") : last;
  return { scheme, user: at < 0 ? undefined : after.slice(0, at), rest: after.slice(at + 1) };
}

/** The parameters of query and fragment as they are written. */
function parametersOf(rest: string): { name: string; value: string }[] {
  const [, query = ""] = /[?#](.*)/s.exec(rest) ?? [];
  return query.split(/[&;?#]/).map((text) => {
    const [name = "", value = ""] = text.split(/=(.*)/s);
    return { name, value };
  });
}

/** What is no escape stays as it is. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => convert(decodeURIComponent, escapes) ?? escapes);
}

/** Undefined for a text that has no such form. */
function convert(by: (text: string) => string, text: string): string | undefined {
  try {
    return by(text);
  } catch {
    return undefined;
  }
}

function isSecretParameter({ name, value }: { name: string; value: string }): boolean {
  return value !== "" && isSecretName(decode(name), value);
}

/** The names of the parameters that carry a secret. */
export function secretParametersOf(url: string): string[] {
  return parametersOf(split(url).rest)
    .filter(isSecretParameter)
    .map(({ name }) => name);
}

/** A name and its password as Basic authentication sends them, with and without the signs that fill it up. */
function toBasic(name: string, password: string): string[] {
  const encoded = convert(toBase64, `${name}:${password}`) ?? "";
  return [encoded, encoded.replace(/=+$/, "")];
}

/**
 * The password (or the name alone, which then is the key) and secret parameters: as written, decoded, encoded, and as Basic
 * authentication sends them.
 */
export function secretsOfUrl(url: string): string[] {
  const { user, rest } = split(url);
  const secrets = parametersOf(rest)
    .filter(isSecretParameter)
    .map(({ value }) => value);
  const basic: string[] = [];
  if (user) {
    const [name = "", password = ""] = user.split(/:(.*)/s);
    secrets.unshift(password || name);
    basic.push(...toBasic(name, password), ...toBasic(decode(name), decode(password)));
  }
  const forms = secrets.flatMap((text) => [
    text,
    decode(text),
    convert(encodeURIComponent, decode(text)) ?? text,
  ]);
  return [...new Set([...forms, ...basic])].filter((text) => text !== "");
}

/** The URL without user name and password, and without the values of secret parameters. */
export function hideUrlSecrets(url: string): string {
  const { scheme, user, rest } = split(url);
  const hidden = rest.replace(
    /([?&;#])([^=&;#]*)=([^&;#]*)/g,
    (whole, before: string, name: string, value: string) =>
      isSecretParameter({ name, value }) ? `${before}${name}=${HIDDEN}` : whole,
  );
  return user === undefined && hidden === rest ? url : scheme + hidden;
}

const URLS = /\b[a-z][a-z0-9+.-]*:[/\\]{2}[^\s"'`<>]+/gi;

/** The URLs in a text. */
export function urlsIn(text: string): string[] {
  return text.match(URLS) ?? [];
}

/** A text with the secrets of its URLs hidden. */
export function hideUrlsIn(text: string): string {
  return text.replace(URLS, hideUrlSecrets);
}
