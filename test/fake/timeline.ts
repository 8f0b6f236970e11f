// The plan of one streamed answer: what is sent and when, computed before the first byte leaves.

import type { Api } from "./api.ts";
import type { Behaviour, ChatBody } from "./behaviour.ts";
import { chunkBuilder, type EventKind, type Usage } from "./chunk.ts";
import { countCompletionTokens, countPromptTokens } from "./prompt-tokens.ts";

/** One step: an event to send, or what is done to the connection. Times are milliseconds after the headers. */
export type Step =
  | { do: "send"; kind: EventKind; atMs: number; data: string; text?: string; half?: boolean }
  | { do: "cut"; end: "fin" | "rst"; atMs: number }
  | { do: "stall"; atMs: number };

export interface Timeline {
  steps: Step[];
  finishReason: string | null;
  usage: Usage;
  timings: Record<string, number>;
  /** The answer's text, for a request that did not ask for a stream. */
  text: string;
  reasoning: string;
  toolArguments: string;
}

const words = [
  "The",
  " quick",
  " brown",
  " fox",
  " jumps",
  " over",
  " a",
  " lazy",
  " dog",
  ",",
  " said",
  " Zoë",
  ".",
];

export function isToken(kind: EventKind): boolean {
  return kind === "content" || kind === "reasoning" || kind === "tool_call";
}

/**
 * Plans the answer of `behaviour` to `body`.
 * Token i (from 0) is due at firstTokenDelayMs + i × tokenDelayMs; what follows the last token is due with it.
 */
export function toTimeline(
  behaviour: Behaviour,
  api: Api,
  body: ChatBody,
  id: string,
  model: string,
): Timeline {
  const fault = behaviour.fault;
  const isChat = api === "chat";
  const chunk = chunkBuilder(api, id, model);
  const noTokens = fault?.kind === "empty_answer" || fault?.kind === "stop_at_once";
  const wanted: EventKind[] = noTokens
    ? []
    : [
        ...Array<EventKind>((isChat && behaviour.reasoningTokens) || 0).fill("reasoning"),
        ...Array<EventKind>(behaviour.tokens ?? 16).fill("content"),
        ...Array<EventKind>((isChat && behaviour.toolCallTokens) || 0).fill("tool_call"),
      ];
  const limit = body.max_tokens ?? body.max_completion_tokens ?? Number.POSITIVE_INFINITY;
  // llama-server makes one token at max_tokens 0, and knows no limit below that.
  const kinds = limit >= 0 ? wanted.slice(0, Math.max(limit, 1)) : wanted;
  const natural = isChat && (behaviour.toolCallTokens ?? 0) > 0 ? "tool_calls" : "stop";
  const reached = kinds.length < wanted.length || kinds.length === limit;
  let finishReason =
    behaviour.finishReason === undefined ? (reached ? "length" : natural) : behaviour.finishReason;
  if (fault?.kind === "empty_answer") finishReason = null;

  const first = behaviour.firstTokenDelayMs ?? 0;
  const gap = behaviour.tokenDelayMs ?? 0;
  const dueMs = (token: number): number => first + token * gap;
  const lastMs = dueMs(Math.max(kinds.length - 1, 0));
  const usage = toUsage(behaviour, countPrompt(api, body), kinds.length);

  const steps: Step[] = [];
  const send = (kind: EventKind, atMs: number, data: string, text?: string): void => {
    steps.push({ do: "send", kind, atMs, data, ...(text === undefined ? {} : { text }) });
  };

  const roleFirst = behaviour.roleAt === "headers" || fault?.kind === "no_first_token";
  const role = chunk.role();
  if (role !== undefined) send("role", roleFirst ? 0 : first, role);
  for (let i = 0; i < (behaviour.emptyDeltas ?? 0); i++) {
    send("empty", roleFirst ? 0 : first, chunk.empty(i));
  }
  for (const [token, kind] of kinds.entries()) {
    const text = tokenText(token, behaviour.tokenBytes);
    send(kind, dueMs(token), chunk.token(kind, text, token), text);
  }
  const timings = toTimings(usage, first, gap);
  const withUsage =
    behaviour.usage === "always" ||
    (behaviour.usage !== "never" && body.stream_options?.include_usage === true);
  if (finishReason !== null)
    send("finish", lastMs, chunk.finish(finishReason, withUsage ? undefined : timings));
  if (withUsage) send("usage", lastMs, chunk.usage(usage, timings));
  if (behaviour.endMarker !== false) send("done", lastMs, "[DONE]");
  if (fault?.kind === "events_after_done") {
    for (let i = 0; i < fault.events; i++) send("late", lastMs, chunk.token("content", " late", i));
  }

  const textOf = (kind: EventKind): string =>
    steps.map((step) => (step.do === "send" && step.kind === kind ? step.text : "")).join("");
  return {
    steps: withFault(steps, behaviour),
    finishReason,
    usage,
    timings,
    text: textOf("content"),
    reasoning: textOf("reasoning"),
    toolArguments: textOf("tool_call"),
  };
}

function isRole(step: Step): boolean {
  return step.do === "send" && step.kind === "role";
}

function countPrompt(api: Api, { messages = [], prompt }: ChatBody): number {
  return api === "chat" ? countPromptTokens(messages) : countCompletionTokens(prompt);
}

/** Cuts or extends the plan by the faults that sit inside a stream. */
function withFault(steps: Step[], behaviour: Behaviour): Step[] {
  const fault = behaviour.fault;
  const first = behaviour.firstTokenDelayMs ?? 0;
  if (fault?.kind === "ping_only") return [{ do: "stall", atMs: 0 }];
  if (fault?.kind === "no_first_token") return [...steps.filter(isRole), { do: "stall", atMs: 0 }];
  if (fault === undefined || !("afterTokens" in fault)) return steps;

  const at = indexAfterTokens(steps, fault.afterTokens);
  const before = steps.slice(0, at);
  const atMs = before.at(-1)?.atMs ?? 0;
  switch (fault.kind) {
    case "fin":
    case "rst":
      return [...before, { do: "cut", end: fault.kind, atMs }];
    case "stall":
      return [...before, { do: "stall", atMs }];
    case "half_event": {
      const next = steps[at];
      if (next?.do !== "send") return [...before, { do: "cut", end: fault.end ?? "fin", atMs }];
      return [...before, { ...next, half: true }, { do: "cut", end: fault.end ?? "fin", atMs: next.atMs }];
    }
    case "malformed_event": {
      const data = fault.data ?? '{"choices":[{"index":0,"delta":{"content":" bro';
      return [...before, { do: "send", kind: "malformed", atMs, data }, ...steps.slice(at)];
    }
    case "error_event": {
      const error = fault.error ?? { code: 500, message: "the fake server failed", type: "server_error" };
      const event: Step = {
        do: "send",
        kind: "error",
        atMs: Math.max(atMs, first),
        data: JSON.stringify({ error }),
      };
      return fault.afterTokens === 0 ? [event] : [...before, event];
    }
  }
}

/** Index of the step after the n-th token; 0 tokens means right before the first. */
function indexAfterTokens(steps: Step[], tokens: number): number {
  let seen = 0;
  for (const [index, step] of steps.entries()) {
    if (step.do !== "send") continue;
    const last =
      isToken(step.kind) || step.kind === "finish" || step.kind === "usage" || step.kind === "done";
    if (seen === tokens && last) return index;
    if (isToken(step.kind)) seen++;
  }
  return steps.length;
}

function tokenText(token: number, bytes: number | undefined): string {
  if (bytes !== undefined) return ` ${String(token).padEnd(bytes - 1, "x")}`;
  return token === 0 ? "The" : (words[token % words.length] ?? " word");
}

function toUsage(behaviour: Behaviour, prompt: number, tokens: number): Usage {
  const completion = behaviour.claimedTokens ?? tokens;
  return {
    completion_tokens: completion,
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: Math.min(behaviour.cachedTokens ?? 0, prompt - 1) },
  };
}

function toTimings(usage: Usage, firstTokenDelayMs: number, tokenDelayMs: number): Record<string, number> {
  const cached = usage.prompt_tokens_details.cached_tokens;
  const predictedMs = usage.completion_tokens * tokenDelayMs;
  return {
    cache_n: cached,
    prompt_n: usage.prompt_tokens - cached,
    prompt_ms: firstTokenDelayMs,
    prompt_per_token_ms: firstTokenDelayMs / Math.max(usage.prompt_tokens - cached, 1),
    prompt_per_second: perSecond(usage.prompt_tokens - cached, firstTokenDelayMs),
    predicted_n: usage.completion_tokens,
    predicted_ms: predictedMs,
    predicted_per_token_ms: tokenDelayMs,
    predicted_per_second: perSecond(usage.completion_tokens, predictedMs),
  };
}

function perSecond(count: number, ms: number): number {
  return ms > 0 ? (count / ms) * 1000 : 0;
}
