// The listening server under the fake: HTTP/1.1, TLS, or HTTP/2 over TLS.

import { readFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttps } from "node:https";
import type { Server } from "node:net";

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** @param tls "http2" offers HTTP/2, and HTTP/1.1 to a client that does not know it */
export function createListener(tls: boolean | "http2", listener: Listener): Server {
  const folder = new URL("./tls/", import.meta.url);
  const keys = (): { key: Buffer; cert: Buffer } => ({
    key: readFileSync(new URL("test-key.pem", folder)),
    cert: readFileSync(new URL("test-certificate.pem", folder)),
  });
  // Kept connections stay open until a test or a fault ends them, and a slow request is no attack here.
  const patient = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
  if (tls === false) return createHttp(patient, listener);
  if (tls === true) return createHttps({ ...patient, ...keys() }, listener);
  // Node's HTTP/2 requests and responses have the same methods as those of HTTP/1.1; their types only look alike.
  // What a client did not wait for stays in a session's memory, which by default is full with 10 MB of it.
  const settings = { ...keys(), allowHTTP1: true, maxSessionMemory: 100 };
  const http2 = createSecureServer(settings, listener as unknown as undefined);
  http2.on("sessionError", () => {});
  return http2;
}
