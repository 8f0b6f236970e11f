// The HTTP server of `--listen`: the page, its events, /metrics and /healthz, and nothing else.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ListenAddress, toAuthority } from "../../config/listen-option.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { refuse } from "./request-guard.ts";

/** Answers a GET. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface LiveServer {
  /** The IP address and port it listens on. */
  readonly address: ListenAddress;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Open pages and scrapers, with a margin. */
const MOST_CONNECTIONS = 128;
/** How long an unfinished answer may take when the run ends. */
const CLOSE_MS = 500;

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

export function sendText(response: ServerResponse, status: number, text: string, headers = {}): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(text);
}

function answer(routes: ReadonlyMap<string, Route>, address: string) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refusal = refuse(request, address);
    if (refusal !== undefined) {
      const allow = refusal.status === 405 ? { allow: "GET" } : {};
      // The body of the request is not read: the connection cannot be reused.
      return sendText(response, refusal.status, `${refusal.reason}\n`, { ...allow, connection: "close" });
    }
    const route = routes.get((request.url ?? "").replace(/\?.*$/s, ""));
    if (route === undefined)
      return sendText(response, 404, "Not found. Available: /, /metrics and /healthz.\n");
    try {
      await route(request, response);
    } catch {
      if (!response.headersSent) sendText(response, 500, "The request failed.\n");
      else response.destroy();
    }
  };
}

function listen(server: Server, { host, port }: ListenAddress): Promise<ListenAddress> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const { address, port: chosen } = server.address() as AddressInfo;
      resolve({ host: address, port: chosen });
    });
  });
}

function toUserError(asked: ListenAddress, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  const place = toAuthority(asked);
  if (code === "EADDRINUSE") {
    return new UserError(
      `\`--listen ${place}\`: the port is in use. Choose another one, or port 0 for any free one.`,
    );
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new UserError(
      `\`--listen ${place}\`: ${asked.host} is not an address of this machine (${code}). Use 127.0.0.1, or 0.0.0.0 for every address.`,
    );
  }
  return new UserError(`\`--listen ${place}\`: the runner cannot listen there: ${systemReason(error)}.`);
}

/**
 * Listens on this address only.
 * @param routes by path
 * @throws UserError if it cannot listen
 */
export async function startLiveServer(
  asked: ListenAddress,
  routes: ReadonlyMap<string, Route>,
): Promise<LiveServer> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 30_000 });
  server.maxConnections = MOST_CONNECTIONS;
  let address: ListenAddress;
  try {
    address = await listen(server, asked);
  } catch (error) {
    throw toUserError(asked, error);
  }
  server.on("request", answer(routes, address.host));
  // A failed connection must not fail the run.
  server.on("error", () => {});
  return {
    address,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
