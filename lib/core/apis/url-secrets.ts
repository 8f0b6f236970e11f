// What of a URL must not be shown: user name and password, and keys in its query. Pure.

const HIDDEN = "(hidden)";

/** Names of parameters that carry a secret: `key`, `access_token`, `sig` (a signed address), `code` (Azure functions). */
const SECRET_PARAMETER = /auth|key|token|secret|passw|pwd|credential|signature|^sig$|^code$|^sas$/i;

/** "?a=1&b" → its parameters as they are written. */
function parametersOf(url: string): { name: string; value: string }[] {
  const [, query = ""] = /\?([^#]*)/.exec(url) ?? [];
  return query.split("&").map((text) => {
    const [name = "", value = ""] = text.split(/=(.*)/s);
    return { name, value };
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a parameter of the query carries a secret, judged by its name. */
export function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETER.test(decode(name));
}

/** The names of the parameters that carry a secret. */
export function secretParametersOf(url: string): string[] {
  const secret = parametersOf(url).filter(({ name, value }) => value !== "" && isSecretParameter(name));
  return secret.map(({ name }) => name);
}

/** Password and secret parameters, as they are written and decoded; a password is sent by Basic authentication. */
export function secretsOfUrl(url: string): string[] {
  const [, user] = /^https?:\/\/([^/?#@]*)@/.exec(url) ?? [];
  const password = user === undefined ? [] : [user.slice(user.indexOf(":") + 1)];
  const values = parametersOf(url).flatMap(({ name, value }) => (isSecretParameter(name) ? [value] : []));
  return [...new Set([...password, ...values].flatMap((text) => [text, decode(text)]))];
}

/** The URL without user name and password, and without the values of secret parameters. */
export function hideUrlSecrets(url: string): string {
  const plain = url.replace(/^(https?:\/\/)[^/?#@]*@/, "$1");
  return plain.replace(/([?&])([^=&#]*)=([^&#]*)/g, (whole, before: string, name: string) =>
    isSecretParameter(name) ? `${before}${name}=${HIDDEN}` : whole,
  );
}
