// Plays the plan of a streamed answer on a connection, at its times.

import type { Behaviour } from "./behaviour.ts";
import { toEventText, toPingText } from "./event-text.ts";
import { cutConnection, type Exchange } from "./exchange.ts";
import { waitForever, waitUntil } from "./pacing.ts";
import { nowUnixMs } from "./received-request.ts";
import { gzipWriter, plainWriter, type StreamWriter } from "./stream-writer.ts";
import { isToken, type Step, type Timeline } from "./timeline.ts";

type Send = Step & { do: "send" };

/**
 * Sends headers and events; the headers' moment is the zero of the plan's times.
 * @throws the signal's reason when the client leaves or the server closes first
 */
export async function playStream(
  exchange: Exchange,
  timeline: Timeline,
  behaviour: Behaviour,
  headersDueMs: number,
  logEvents: boolean,
): Promise<void> {
  sendHeaders(exchange, behaviour);
  const writer =
    behaviour.fault?.kind === "gzip" ? gzipWriter(exchange) : plainWriter(exchange, behaviour.pieceBytes);
  if (behaviour.bom === true) await writer.write("\uFEFF");
  const stopPings = startPings(exchange, behaviour, logEvents);
  try {
    for (const batch of toBatches(timeline.steps, behaviour.eventsPerWrite ?? 1)) {
      const last = batch.at(-1);
      if (last !== undefined) await waitUntil(headersDueMs + last.atMs, exchange.signal);
      if (last?.do === "cut") return await cutConnection(exchange, last.end);
      if (last?.do === "stall") await waitForever(exchange.signal);
      await sendBatch(exchange, writer, batch as Send[], behaviour, logEvents);
    }
    stopPings();
    await writer.end();
  } finally {
    stopPings();
  }
}

function sendHeaders(exchange: Exchange, behaviour: Behaviour): void {
  const { response, request, note } = exchange;
  note.status = 200;
  const oldHttp = request.httpVersionMajor < 2;
  if (behaviour.untilClose === true && oldHttp) {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
  }
  response.writeHead(200, {
    "Content-Type": behaviour.contentType ?? "text/event-stream",
    "Cache-Control": "no-cache",
    ...(behaviour.fault?.kind === "gzip" ? { "Content-Encoding": "gzip" } : {}),
    ...behaviour.headers,
  });
  response.flushHeaders();
}

async function sendBatch(
  exchange: Exchange,
  writer: StreamWriter,
  batch: Send[],
  behaviour: Behaviour,
  logEvents: boolean,
): Promise<void> {
  const { note } = exchange;
  const texts = batch.map((event) => {
    const text = toEventText(event.data, behaviour.lineEnd);
    return event.half === true ? text.slice(0, Math.floor(text.length / 2)) : text;
  });
  const unixMs = nowUnixMs();
  for (const [i, event] of batch.entries()) {
    if (event.half === true) continue;
    if (isToken(event.kind)) note.sentTokens++;
    if (event.kind === "usage") note.sentUsage = true;
    if (logEvents) note.events.push({ kind: event.kind, unixMs, bytes: Buffer.byteLength(texts[i] ?? "") });
  }
  await writer.write(texts.join(""));
}

/** Groups up to `size` consecutive tokens into one write; every other step stands alone. */
function toBatches(steps: Step[], size: number): Step[][] {
  const batches: Step[][] = [];
  let open: Step[] = [];
  for (const step of steps) {
    const joins = step.do === "send" && isToken(step.kind) && step.half !== true;
    if (!joins || open.length >= size) {
      if (open.length > 0) batches.push(open);
      open = [];
    }
    if (joins) open.push(step);
    else batches.push([step]);
  }
  if (open.length > 0) batches.push(open);
  return batches;
}

function startPings(exchange: Exchange, behaviour: Behaviour, logEvents: boolean): () => void {
  const everyMs = behaviour.pingEveryMs ?? (behaviour.fault?.kind === "ping_only" ? 20 : undefined);
  if (everyMs === undefined) return () => {};
  const text = toPingText(behaviour.lineEnd);
  const timer = setInterval(() => {
    if (exchange.signal.aborted || exchange.response.writableEnded) return;
    if (logEvents) exchange.note.events.push({ kind: "ping", unixMs: nowUnixMs(), bytes: text.length });
    exchange.response.write(text);
  }, everyMs);
  return () => clearInterval(timer);
}
