// One request and its answer, with the TCP connection under it: the same for HTTP/1.1, TLS and HTTP/2.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ReceivedRequest } from "./received-request.ts";

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The TCP socket; under TLS the one that carries the ciphertext. */
  socket: Socket;
  note: ReceivedRequest;
  /** Aborted when the client goes away or the server closes. */
  signal: AbortSignal;
}

/** Time for what was written to leave before the connection is cut. */
const settleMs = 10;

/**
 * Cuts the TCP connection, after what was written has left.
 * Under HTTP/2 that ends every stream of the connection.
 */
export async function cutConnection(exchange: Exchange, end: "fin" | "rst"): Promise<void> {
  exchange.note.ended = "cut";
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  // A client in this process reads in between: libuv reports a reset that it meets together with data as a plain end.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  cutSocket(exchange.socket, end);
}

/** Ends a TCP connection now, by FIN or by RST. */
export function cutSocket(socket: Socket, end: "fin" | "rst"): void {
  if (end === "rst") socket.resetAndDestroy();
  else socket.destroy();
}

/** Writes and waits while the socket's buffer is full. */
export async function writeAll(exchange: Exchange, data: string | Uint8Array): Promise<void> {
  exchange.signal.throwIfAborted();
  const { response, signal } = exchange;
  if (response.write(data)) return;
  await new Promise<void>((resolve, reject) => {
    const done = (): void => {
      response.off("drain", done);
      signal.removeEventListener("abort", done);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    response.on("drain", done);
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Sends a whole answer at once. */
export function sendWhole(
  exchange: Exchange,
  status: number,
  contentType: string,
  body: string,
  headers: Record<string, string> = {},
): void {
  exchange.note.status = status;
  exchange.response.writeHead(status, {
    ...(contentType === "" ? {} : { "Content-Type": contentType }),
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  });
  exchange.response.end(body);
}
