// Answers one request for text by a behaviour: a stream, one document, an error, a redirect, or a fault.

import { isTranscribed, toApi } from "./api.ts";
import type { Behaviour, ChatBody } from "./behaviour.ts";
import { toDocument } from "./document.ts";
import { playDocument } from "./document-answer.ts";
import { cutConnection, type Exchange, sendWhole } from "./exchange.ts";
import { waitForever, waitUntil } from "./pacing.ts";
import { nowUnixMs } from "./received-request.ts";
import type { Counters } from "./server-counters.ts";
import { takeSlot } from "./slots.ts";
import { playStream } from "./stream-answer.ts";
import { type Timeline, toTimeline } from "./timeline.ts";
import { playTranscript } from "./transcript.ts";

export interface ChatContext {
  model: string;
  logEvents: boolean;
  counters: Counters;
  /** When each slot is free again, where a behaviour has a limited number of them. */
  slotsFreeMs: number[];
}

/**
 * @throws the signal's reason when the client leaves or the server closes first
 */
export async function answerChat(
  exchange: Exchange,
  behaviour: Behaviour,
  context: ChatContext,
): Promise<void> {
  const { note, signal } = exchange;
  const fault = behaviour.fault;
  const arrivedMs = note.arrivedUnixMs - performance.timeOrigin;
  if (fault?.kind === "no_headers") await waitForever(signal);
  let headersDueMs = arrivedMs + (behaviour.headersDelayMs ?? 0);
  await waitUntil(headersDueMs, signal);
  if (fault?.kind === "cut_before_headers") return cutConnection(exchange, fault.end ?? "fin");
  if (behaviour.redirect !== undefined || behaviour.status !== undefined || behaviour.body !== undefined) {
    return sendPlain(exchange, behaviour);
  }

  if (behaviour.transcript !== undefined) return playTranscript(exchange, behaviour.transcript);
  if (isTranscribed(note.path)) return sendWhole(exchange, 404, jsonType, errorJson(404, "File Not Found"));
  const body = toChatBody(note.body);
  if (body === undefined)
    return sendWhole(exchange, 400, jsonType, errorJson(400, "the body is no JSON object"));
  const api = toApi(note.path) ?? "chat";
  const id = `${api === "chat" ? "chatcmpl" : "cmpl"}-${note.number}`;
  const model = body.model ?? context.model;
  const timeline = toTimeline(behaviour, api, body, id, model);
  if (behaviour.slots !== undefined) {
    const holdMs = timeline.steps.at(-1)?.atMs ?? 0;
    headersDueMs = takeSlot(context.slotsFreeMs, behaviour.slots, headersDueMs, holdMs);
    await waitUntil(headersDueMs, signal);
  }
  note.promptTokens = timeline.usage.prompt_tokens;
  note.cachedTokens = timeline.usage.prompt_tokens_details.cached_tokens;
  context.counters.processing++;
  try {
    if (body.stream === true) {
      await playStream(exchange, timeline, behaviour, headersDueMs, context.logEvents);
    } else {
      const document = toDocument(timeline, api, id, model, behaviour.usage !== "never");
      await playDocument(exchange, document, timeline, behaviour, headersDueMs);
    }
    if (note.ended !== "cut") note.finishReason = timeline.finishReason;
  } finally {
    context.counters.processing--;
    countAnswer(exchange, timeline, context.counters);
  }
}

const jsonType = "application/json; charset=utf-8";

/** @returns an error body as llama-server writes it. */
export function errorJson(code: number, message: string): string {
  const types: Record<number, string> = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    503: "unavailable_error",
  };
  return JSON.stringify({ error: { code, message, type: types[code] ?? "server_error" } });
}

/** Sends the answer of a behaviour that is no stream. */
export function sendPlain(exchange: Exchange, behaviour: Behaviour): void {
  const status = behaviour.redirect?.status ?? behaviour.status ?? 200;
  const location =
    behaviour.redirect === undefined ? {} : { Location: behaviour.redirect.to ?? exchange.note.path };
  const body =
    behaviour.body ?? (behaviour.redirect ? "" : errorJson(status, `the fake server answers ${status}`));
  sendWhole(exchange, status, behaviour.contentType ?? jsonType, body, { ...location, ...behaviour.headers });
}

/**
 * As llama-server counts: the prompt once it was read, and every token it made, also of an answer that was cancelled
 * (the real one may be a few tokens ahead of what it sent).
 */
function countAnswer(exchange: Exchange, timeline: Timeline, counters: Counters): void {
  const { note } = exchange;
  const whole = !exchange.signal.aborted && note.ended !== "cut";
  if (!whole && note.sentTokens === 0) return;
  const seconds = Math.max(nowUnixMs() - note.arrivedUnixMs, 0) / 1000;
  const tokens = whole ? timeline.usage.completion_tokens : note.sentTokens;
  counters.promptTokens += note.promptTokens - note.cachedTokens;
  counters.cachedTokens += note.cachedTokens;
  counters.promptSeconds += seconds / 10;
  counters.predictedTokens += tokens;
  counters.predictedSeconds += seconds * 0.9;
  counters.decodes += tokens;
  counters.maxTokens = Math.max(counters.maxTokens, note.promptTokens + tokens);
}

function toChatBody(body: unknown): ChatBody | undefined {
  return typeof body === "object" && body !== null ? (body as ChatBody) : undefined;
}
