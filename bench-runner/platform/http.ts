// The HTTP client of the runner: one request with its redirects, certificates, proxy and limits.
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { proxyFor } from "./proxy.ts";
import { systemReason, UserError } from "./user-error.ts";

/** Which certificates are accepted: the usual ones, those of a further authority, or any. */
export interface Trust {
  /** PEM file with authorities that are trusted in addition to the usual ones. */
  caFile?: string;
  /** Any certificate is accepted. */
  insecure?: true;
}

export interface HttpRequest {
  /** Headers for each address on the way: secrets must not follow a redirect to another host. */
  headersFor: (target: URL) => Record<string, string>;
  /** Sent by POST; a GET without it. */
  body?: string | undefined;
  signal: AbortSignal;
  trust?: Trust;
  /** How many redirects are followed; the answer after the last one is returned as it is. */
  mostRedirects: number;
}

export interface HttpResponse {
  status: number;
  /** The server's status text; may be empty. */
  statusText: string;
  /** The address that answered. */
  url: string;
  headers: Headers;
  /** The bytes as they arrive. */
  chunks: () => AsyncIterable<Uint8Array>;
  /** Ends an answer whose bytes are not needed. */
  discard: () => void;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

const agents = new Map<string, Dispatcher>();

/**
 * @param proxy undefined for a request that goes straight to its server
 * @throws UserError for a file of authorities that cannot be read, and for a proxy that is no URL
 */
function toAgent({ caFile, insecure }: Trust, proxy: string | undefined): Dispatcher {
  const key = `${insecure ?? false} ${caFile ?? ""} ${proxy ?? ""}`;
  let agent = agents.get(key);
  if (agent === undefined) {
    const ca = caFile === undefined ? undefined : [...rootCertificates, readAuthorities(caFile)];
    const tls = { ...(ca && { ca }), ...(insecure && { rejectUnauthorized: false }) };
    // The caller's signal is the only time limit.
    const limits = { connectTimeout: 0, headersTimeout: 0, bodyTimeout: 0 };
    agent =
      proxy === undefined ? new Agent({ ...limits, connect: tls }) : toProxyAgent(proxy, { limits, tls });
    agents.set(key, agent);
  }
  return agent;
}

interface ProxySettings {
  limits: Agent.Options;
  tls: { ca?: string[]; rejectUnauthorized?: boolean };
}

/** As Go does: a plain request is sent to the proxy with its whole address, one by TLS goes through a tunnel. */
function toProxyAgent(uri: string, { limits, tls }: ProxySettings): ProxyAgent {
  try {
    return new ProxyAgent({ ...limits, uri, proxyTunnel: false, requestTls: tls, proxyTls: tls });
  } catch (error) {
    throw new UserError(
      `The proxy in \`http_proxy\` or \`https_proxy\` cannot be used: ${(error as Error).message}. Correct it, or name the server's host in \`no_proxy\`.`,
    );
  }
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      `The certificates in \`${path}\` cannot be read: ${systemReason(error)}. Give a PEM file with \`--ca-file\`.`,
    );
  }
}

/**
 * Sends the request and follows redirects.
 * @returns the final answer, and the answers that led to it by a redirect, in order
 * @throws the system's error if there is no answer, the reason of `signal` if it ends the request, UserError for
 *   certificates that cannot be read
 */
export async function openUrl(
  url: string,
  { headersFor, body, signal, trust = {}, mostRedirects }: HttpRequest,
): Promise<{ response: HttpResponse; redirects: HttpResponse[] }> {
  const redirects: HttpResponse[] = [];
  let target = new URL(url);
  for (;;) {
    const agent = toAgent(trust, proxyFor(target, process.env));
    const response = await send(target, { headers: headersFor(target), body, signal, agent });
    const next = isRedirect(response) ? toNext(response, target) : undefined;
    if (next === undefined || redirects.length === mostRedirects) return { response, redirects };
    response.discard();
    redirects.push(response);
    target = next;
  }
}

/** Whether the answer names another address; it may not be a usable one. */
export function isRedirect({ status, headers }: HttpResponse): boolean {
  return REDIRECTS.has(status) && headers.has("Location");
}

/** Undefined for an answer without a valid address, and for one that leads from https to http: nothing goes on in clear. */
function toNext({ headers }: HttpResponse, from: URL): URL | undefined {
  const next = URL.parse(headers.get("Location") as string, from.href);
  if (next === null || !/^https?:$/.test(next.protocol)) return undefined;
  return from.protocol === "https:" && next.protocol === "http:" ? undefined : next;
}

interface Sending {
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal;
  agent: Dispatcher;
}

async function send(target: URL, { headers, body, signal, agent }: Sending): Promise<HttpResponse> {
  const { username, password } = target;
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const options: Dispatcher.RequestOptions = {
    origin: target.origin,
    path: `${target.pathname}${target.search}`,
    method: body === undefined ? "GET" : "POST",
    headers: {
      accept: "*/*",
      ...(username !== "" && { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
    signal,
  };
  const url = { ...options, dispatcher: agent };
  const answer = await request(target.origin, url)
    // The server may close a kept connection just as it is used: retry once, on a new one.
    .catch((error: unknown) => {
      if (!signal.aborted && isCut(error)) return request(target.origin, url);
      throw error;
    })
    .catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
  const answered = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const each of [value ?? []].flat()) answered.append(name, each);
  }
  return {
    status: answer.statusCode,
    statusText: answer.statusText,
    url: target.href,
    headers: answered,
    chunks: () => answer.body,
    discard: () => void answer.body.dump().catch(() => {}),
  };
}

/** Whether the connection was cut, rather than never made. */
export function isCut(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"].includes((error as NodeJS.ErrnoException).code ?? "");
}
