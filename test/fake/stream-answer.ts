// Plays the plan of a streamed answer on a connection, at its times.

import type { Behaviour } from "./behaviour.ts";
import type { EventKind } from "./chunk.ts";
import { toEventText, toPingText } from "./event-text.ts";
import { cutConnection, type Exchange } from "./exchange.ts";
import { waitForever, waitUntil } from "./pacing.ts";
import { nowUnixMs, type ReceivedRequest } from "./received-request.ts";
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
    for (const batch of toBatches(timeline.steps, behaviour)) {
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
    "X-Accel-Buffering": "no",
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
  const write = nextWrite(note);
  for (const [i, event] of batch.entries()) {
    if (event.half === true) continue;
    if (isToken(event.kind)) note.sentTokens++;
    if (event.kind === "usage") note.sentUsage = true;
    if (logEvents)
      note.events.push({ kind: event.kind, unixMs, bytes: Buffer.byteLength(texts[i] ?? ""), write });
  }
  await writer.write(texts.join(""));
}

/**
 * Groups the steps into writes: up to `eventsPerWrite` tokens, the role event with the first of them, and the usage
 * with the finish, as llama-server writes; every other step is written alone.
 */
function toBatches(steps: Step[], behaviour: Behaviour): Step[][] {
  const size = behaviour.eventsPerWrite ?? 1;
  const batches: Step[][] = [];
  let open: Step[] = [];
  let tokens = 0;
  for (const step of steps) {
    const kind = kindOf(step);
    const before = open.length === 0 ? undefined : kindOf(open.at(-1));
    const token = kind !== undefined && isToken(kind);
    const joins =
      (token && before === "role" && behaviour.roleAt !== "headers") ||
      (token && before !== undefined && isToken(before) && tokens < size) ||
      (kind === "usage" && before === "finish");
    if (!joins) {
      open = [];
      batches.push(open);
      tokens = 0;
    }
    open.push(step);
    if (token) tokens++;
  }
  return batches;
}

/** One more than the last logged write. */
function nextWrite(note: ReceivedRequest): number {
  return (note.events.at(-1)?.write ?? -1) + 1;
}

/** Half an event is written alone: it has no kind here. */
function kindOf(step: Step | undefined): EventKind | undefined {
  return step?.do === "send" && step.half !== true ? step.kind : undefined;
}

function startPings(exchange: Exchange, behaviour: Behaviour, logEvents: boolean): () => void {
  const everyMs = behaviour.pingEveryMs ?? (behaviour.fault?.kind === "ping_only" ? 20 : undefined);
  if (everyMs === undefined) return () => {};
  const { note } = exchange;
  const text = toPingText(behaviour.lineEnd);
  const timer = setInterval(() => {
    if (exchange.signal.aborted || exchange.response.writableEnded) return;
    if (logEvents)
      note.events.push({ kind: "ping", unixMs: nowUnixMs(), bytes: text.length, write: nextWrite(note) });
    exchange.response.write(text);
  }, everyMs);
  return () => clearInterval(timer);
}
