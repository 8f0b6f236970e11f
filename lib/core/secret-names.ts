// Names whose values are secret: of flags, variables and parameters of addresses; and the headers whose values are not. Pure.

const SECRET = /auth|key|token|secret|cookie|pass|pwd|cred|signature/i;

/** Parameters of addresses whose names say nothing: `sig` (a signed address), `code` (Azure functions). */
const SHORT = /^(sig|sas|code)$/i;

/** A number, or several: "4096", "8k", "1,2". */
const NUMERIC = /^["']?[\d.,]+[kmg]?i?["']?$/i;

/** Whether a value is a secret by its name: not that of `--tokenizer auto`, nor that of `--max-tokens 64`. */
export function isSecretName(name: string, value = ""): boolean {
  const left = name.replace(/(de)?tokeni[sz]\w*/gi, "");
  return (
    SECRET.test(NUMERIC.test(value) ? left.replace(/tokens|token[-_]?ids?/gi, "") : left) || SHORT.test(left)
  );
}

/** Headers that people set and whose values are no secrets. Any other one may carry a key: gateways have names of their own for it. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    "accept accept-charset accept-encoding accept-language anthropic-beta anthropic-version api-version baggage " +
    "cache-control connection content-encoding content-language content-length content-type date dnt expect host " +
    "http-referer if-none-match keep-alive ngrok-skip-browser-warning openai-beta openai-organization openai-project " +
    "origin pragma prefer priority referer te traceparent tracestate transfer-encoding upgrade user-agent via " +
    "x-app-name x-client-name x-client-version x-correlation-id x-environment x-forwarded-for x-forwarded-host " +
    "x-forwarded-proto x-model x-project x-real-ip x-region x-request-id x-requested-with x-team x-title x-trace-id"
  ).split(" "),
);

/** Whether a header's value is secret: it is unless its name is known to be harmless. */
export function isSecretHeader(name: string): boolean {
  return !HARMLESS.has(name.toLowerCase());
}
