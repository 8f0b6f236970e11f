// One request of the runner itself to the measured server, with its headers and certificates.
import { hideIn, toSecrets } from "../../lib/core/apis/headers.ts";
import { secretsOfUrl } from "../../lib/core/apis/url-secrets.ts";
import { isSecretHeader } from "../../lib/core/secret-names.ts";
import type { Access } from "./access.ts";
import { isCut, openUrl } from "./http.ts";

export interface ServerAnswer {
  status: number;
  text: string;
}

export interface RequestOptions {
  timeoutMs: number;
  /** Sent by POST as JSON. */
  body?: string;
  /** In addition to those of the access. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

const MOST_BYTES = 64 * 2 ** 20;
const MOST_REDIRECTS = 5;

/**
 * Sends a request and reads the whole answer. Redirects are followed, without the access's headers once they lead to another origin.
 * @throws the system's error if there is no answer; an error named "TimeoutError" if it takes too long; UserError for
 *   certificates that cannot be read
 */
export async function requestServer(
  url: string,
  access: Access,
  { timeoutMs, signal, ...sent }: RequestOptions,
): Promise<ServerAnswer> {
  // AbortSignal.timeout would not keep the process alive: without anything else to do it would end before the limit.
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new DOMException("no answer in time", "TimeoutError")),
    timeoutMs,
  );
  const until = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await readAnswer(url, access, sent, until);
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswer(
  url: string,
  access: Access,
  { body, headers = {} }: Pick<RequestOptions, "body" | "headers">,
  until: AbortSignal,
): Promise<ServerAnswer> {
  const { origin } = new URL(url);
  let isElsewhere = false;
  const { response } = await openUrl(url, {
    headersFor(target) {
      isElsewhere ||= target.origin !== origin;
      return {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
        ...(!isElsewhere && access.headers),
      };
    },
    body,
    signal: until,
    trust: access,
    mostRedirects: MOST_REDIRECTS,
  });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of response.chunks()) {
      bytes += piece.length;
      if (bytes > MOST_BYTES) throw new Error("the answer does not end");
      pieces.push(piece);
    }
  } catch (error) {
    // An abort error does not say why the request was given up; the signal does.
    throw until.aborted ? until.reason : error;
  }
  const text = Buffer.concat(pieces).toString("utf8");
  return { status: response.status, text: hideIn(text, secretsOf(url, access)) };
}

/** What a server may repeat of what it was sent. */
function secretsOf(url: string, { headers }: Access): string[] {
  const values = Object.entries(headers).flatMap(([name, value]) => (isSecretHeader(name) ? [value] : []));
  return [...values, ...secretsOfUrl(url)].flatMap(toSecrets);
}

/** What failed below HTTP, as a code ("ECONNREFUSED") or a few words. */
export function describeProblem(error: unknown): string {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  if (name === "TimeoutError") return "no answer in time";
  if (isCut(error)) return "ECONNRESET";
  return code ?? message ?? String(error);
}

/** Whether the options for certificates can help. */
export function isCertificateProblem(problem: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|SIGNATURE/.test(problem);
}
