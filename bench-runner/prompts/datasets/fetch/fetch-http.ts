// One GET as `datasets fetch` needs it: the token is sent only to the hub's host, and a stalled connection is given up.
import { type HttpResponse, isCut, isRedirect, openUrl } from "../../../platform/http.ts";
import { UserError } from "../../../platform/user-error.ts";

const MOST_REDIRECTS = 10;
/** A connection without data for this long is given up, and the rest is requested again. */
const STALL_MS = 60_000;

/** The token, and where it may be sent. */
export interface Credentials {
  /** The only one that ever sees the token, for instance "https://huggingface.co". */
  origin: string;
  token: string;
}

/**
 * @param endpoint the hub's address
 * @returns undefined if HF_TOKEN is not set
 * @throws UserError for a token that cannot be sent; it is not shown
 */
export function readCredentials(
  variables: Readonly<Record<string, string | undefined>>,
  endpoint: string,
): Credentials | undefined {
  const token = variables.HF_TOKEN?.trim();
  if (!token) return undefined;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UserError("HF_TOKEN has characters that a token cannot have, such as blanks. Copy it again.");
  }
  return { origin: new URL(endpoint).origin, token };
}

export interface HttpOptions {
  credentials?: Credentials | undefined;
  signal?: AbortSignal | undefined;
  /** Default: a minute. */
  stallMs?: number | undefined;
}

/** An answer, and its bytes as they arrive. */
export interface Answer {
  response: HttpResponse;
  /** The answers that led here by a redirect, in order. */
  redirects: readonly HttpResponse[];
  chunks: () => AsyncGenerator<Uint8Array>;
  /** For an answer whose bytes are not needed. */
  cancel: () => void;
}

/** A connection that could not be made, was cut or has stalled: another try may succeed. */
export class ConnectionError extends Error {
  /** Unknown host: another try helps only if it was reached before and the network is down for a while. */
  readonly isUnknownHost: boolean;

  constructor(message: string, code?: string) {
    super(message);
    this.isUnknownHost = code === "ENOTFOUND";
  }
}

/** Why the connection failed, in words. */
function toConnectionError(url: string, error: unknown, stalled: boolean, stallMs: number): ConnectionError {
  const { host } = new URL(url);
  if (stalled) return new ConnectionError(`${host} sent nothing for ${stallMs / 1000} s`);
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ECONNREFUSED: `${host} refuses connections`,
    ENOTFOUND: `the host ${host} is not known`,
    EAI_AGAIN: `the host ${host} cannot be looked up`,
    ETIMEDOUT: `${host} does not answer`,
  };
  const reason = isCut(error) ? `${host} has cut the connection` : reasons[code ?? ""];
  return new ConnectionError(reason ?? `${host}: ${message ?? String(error)}`, code);
}

/**
 * @param headers without Authorization
 * @throws ConnectionError; UserError for endless redirects; the reason of `signal`
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
  let at = url;
  const toError = (error: unknown) => {
    clearTimeout(timer);
    return signal?.aborted ? signal.reason : toConnectionError(at, error, stall.signal.aborted, stallMs);
  };
  const { response, redirects } = await openUrl(url, {
    headersFor(target) {
      at = target.href;
      const mayKnow = credentials !== undefined && target.origin === credentials.origin;
      return {
        ...headers,
        // The bytes as stored: their number and offsets must be those of the file.
        "accept-encoding": "identity",
        ...(mayKnow && { authorization: `Bearer ${credentials.token}` }),
      };
    },
    signal: AbortSignal.any([stall.signal, ...(signal === undefined ? [] : [signal])]),
    mostRedirects: MOST_REDIRECTS,
  }).catch((error: unknown) => {
    throw toError(error);
  });
  if (isRedirect(response)) {
    clearTimeout(timer);
    response.discard();
    throw new UserError(
      `${new URL(url).host} redirects endlessly, or to no address. Check the address in a browser.`,
    );
  }
  return {
    response,
    redirects,
    cancel() {
      clearTimeout(timer);
      response.discard();
    },
    async *chunks() {
      try {
        for await (const chunk of response.chunks()) {
          rewind();
          yield chunk;
        }
      } catch (error) {
        throw toError(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The whole of a short answer. @throws ConnectionError */
export async function readText({ chunks }: Answer): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of chunks()) parts.push(part);
  return Buffer.concat(parts).toString();
}
