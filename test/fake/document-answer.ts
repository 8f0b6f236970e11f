// Sends the whole answer as one document, when its last token is due; the faults inside a stream have their like here.

import type { Behaviour } from "./behaviour.ts";
import { cutConnection, type Exchange } from "./exchange.ts";
import { waitForever, waitUntil } from "./pacing.ts";
import { gzipWriter, plainWriter } from "./stream-writer.ts";
import type { Timeline } from "./timeline.ts";

/**
 * A cut or a stall comes in the middle of the body, or behind the headers where the stream would have no token; a
 * malformed event is a document that stops short, an error event one that is the error.
 * @throws the signal's reason when the client leaves or the server closes first
 */
export async function playDocument(
  exchange: Exchange,
  document: string,
  timeline: Timeline,
  behaviour: Behaviour,
  headersDueMs: number,
): Promise<void> {
  const { note, signal } = exchange;
  const fault = behaviour.fault;
  const last = timeline.steps.at(-1);
  await waitUntil(headersDueMs + (last?.atMs ?? 0), signal);
  // The server has made them all, whatever becomes of the answer.
  note.sentTokens = timeline.usage.completion_tokens;
  note.sentUsage = fault === undefined && behaviour.usage !== "never";
  const half = document.slice(0, Math.floor(document.length / 2));
  let body = document;
  if (fault?.kind === "malformed_event") body = fault.data ?? half;
  if (last?.do === "send" && last.kind === "error") body = last.data;
  if (behaviour.bom === true) body = `\uFEFF${body}`;
  sendHeaders(exchange, behaviour, body);
  const isGzip = fault?.kind === "gzip";
  const writer = isGzip ? gzipWriter(exchange) : plainWriter(exchange, behaviour.pieceBytes);
  if (last?.do === "stall") {
    if (fault?.kind === "stall") await writer.write(half);
    await waitForever(signal);
  }
  if (last?.do === "cut") {
    await writer.write(half);
    return cutConnection(exchange, last.end);
  }
  await writer.write(body);
  await writer.end();
}

function sendHeaders(exchange: Exchange, behaviour: Behaviour, body: string): void {
  const { response, request, note } = exchange;
  note.status = 200;
  const isGzip = behaviour.fault?.kind === "gzip";
  const untilClose = behaviour.untilClose === true && request.httpVersionMajor < 2;
  if (untilClose) {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
  }
  response.writeHead(200, {
    "Content-Type": behaviour.contentType ?? "application/json; charset=utf-8",
    ...(isGzip ? { "Content-Encoding": "gzip" } : {}),
    ...(isGzip || untilClose ? {} : { "Content-Length": String(Buffer.byteLength(body)) }),
    ...behaviour.headers,
  });
  response.flushHeaders();
}
