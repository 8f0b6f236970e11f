// One GET as `datasets fetch` needs it: redirects are followed here, so that the token goes to the hub's host alone.
import { UserError } from "../../../platform/user-error.ts";

const MOST_REDIRECTS = 10;
/** A connection on which nothing comes for so long is given up, and the rest asked for anew. */
const STALL_MS = 60_000;

/** What may be sent, and where to. */
export interface Credentials {
  /** The only one that ever sees the token, for instance "https://huggingface.co". */
  origin: string;
  token: string;
}

/**
 * @param endpoint the hub's address
 * @returns undefined where HF_TOKEN is not set
 * @throws UserError for a token that cannot be sent; it is not shown
 */
export function readCredentials(
  variables: Readonly<Record<string, string | undefined>>,
  endpoint: string,
): Credentials | undefined {
  const token = variables.HF_TOKEN?.trim();
  if (!token) return undefined;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UserError("HF_TOKEN has characters that no token has, such as blanks. Copy it anew.");
  }
  return { origin: new URL(endpoint).origin, token };
}

export interface HttpOptions {
  credentials?: Credentials | undefined;
  signal?: AbortSignal | undefined;
  /** Default: a minute. */
  stallMs?: number | undefined;
}

/** An answer, and its bytes as they come. */
export interface Answer {
  response: Response;
  /** The answers that led here by a redirect, in order. */
  redirects: readonly Response[];
  chunks: () => AsyncGenerator<Uint8Array>;
  /** For an answer whose bytes nobody wants. */
  cancel: () => void;
}

/** A connection that could not be made, was cut or has stalled: another try may do better. */
export class ConnectionError extends Error {
  /** No such host: another try helps only where it was reached before, and the network is gone for a while. */
  readonly isUnknownHost: boolean;

  constructor(message: string, code?: string) {
    super(message);
    this.isUnknownHost = code === "ENOTFOUND";
  }
}

/** Why the connection failed, as a person would say it; Node's own "fetch failed" says nothing. */
function toConnectionError(url: string, error: unknown, stalled: boolean, stallMs: number): ConnectionError {
  const { host } = new URL(url);
  if (stalled) return new ConnectionError(`${host} sent nothing for ${stallMs / 1000} s`);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ECONNREFUSED: `${host} refuses connections`,
    ENOTFOUND: `the host ${host} is not known`,
    EAI_AGAIN: `the host ${host} cannot be looked up`,
    ECONNRESET: `${host} has cut the connection`,
    UND_ERR_SOCKET: `${host} has cut the connection`,
    ETIMEDOUT: `${host} does not answer`,
    UND_ERR_CONNECT_TIMEOUT: `${host} does not answer`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  const message = reason ?? `${host}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new ConnectionError(message, code);
}

/**
 * @param headers without Authorization
 * @throws ConnectionError; UserError for redirects without an end; whatever `signal` was aborted with
 */
export async function get(
  url: string,
  headers: Record<string, string>,
  options: HttpOptions,
): Promise<Answer> {
  const { credentials, signal, stallMs = STALL_MS } = options;
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), stallMs);
  const rewind = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), stallMs);
  };
  const both = AbortSignal.any([stall.signal, ...(signal === undefined ? [] : [signal])]);
  const toError = (at: string, error: unknown) => {
    clearTimeout(timer);
    return signal?.aborted ? signal.reason : toConnectionError(at, error, stall.signal.aborted, stallMs);
  };
  const redirects: Response[] = [];
  let at = url;
  for (;;) {
    const mayKnow = credentials !== undefined && new URL(at).origin === credentials.origin;
    let response: Response;
    try {
      response = await fetch(at, {
        // Bytes as they lie there: their number and their places must be those of the file.
        headers: {
          ...headers,
          "Accept-Encoding": "identity",
          ...(mayKnow && { Authorization: `Bearer ${credentials.token}` }),
        },
        redirect: "manual",
        signal: both,
      });
    } catch (error) {
      throw toError(at, error);
    }
    const location = response.headers.get("Location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      const where = at;
      return {
        response,
        redirects,
        cancel() {
          clearTimeout(timer);
          response.body?.cancel().catch(() => {});
        },
        async *chunks() {
          try {
            for await (const chunk of response.body ?? []) {
              rewind();
              yield chunk as Uint8Array;
            }
          } catch (error) {
            throw toError(where, error);
          } finally {
            clearTimeout(timer);
          }
        },
      };
    }
    await response.body?.cancel().catch(() => {});
    redirects.push(response);
    const next = URL.canParse(location, at) ? new URL(location, at) : undefined;
    if (next === undefined || !/^https?:$/.test(next.protocol) || redirects.length > MOST_REDIRECTS) {
      clearTimeout(timer);
      throw new UserError(
        `${new URL(url).host} redirects without an end, or to no address. Check the address in a browser.`,
      );
    }
    at = next.href;
  }
}

/** The whole of a short answer. @throws ConnectionError */
export async function readText({ chunks }: Answer): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks()) parts.push(part);
  return Buffer.concat(parts).toString();
}
