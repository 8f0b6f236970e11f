// The JSON of the chunks of a streamed answer, as llama-server writes them.

import type { Api } from "./api.ts";

export type EventKind =
  | "role"
  | "empty"
  | "reasoning"
  | "content"
  | "tool_call"
  | "finish"
  | "usage"
  | "done"
  | "malformed"
  | "error"
  | "late";

export interface Usage {
  completion_tokens: number;
  prompt_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}

export const fingerprint = "b0-fake";

export interface ChunkBuilder {
  /** Undefined where the API has no such event. */
  role(): string | undefined;
  /** An event with an empty text, every second one without any. */
  empty(index: number): string;
  token(kind: EventKind, text: string, index: number): string;
  finish(reason: string, timings: Record<string, number> | undefined): string;
  usage(usage: Usage, timings: Record<string, number>): string;
}

/** @returns functions that build each kind of chunk of the answer `id`. */
export function chunkBuilder(api: Api, id: string, model: string): ChunkBuilder {
  const created = Math.floor(Date.now() / 1000);
  const object = api === "chat" ? "chat.completion.chunk" : "text_completion";
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    JSON.stringify({ choices, created, id, model, system_fingerprint: fingerprint, object, ...more });
  const usage = (counted: Usage, timings: Record<string, number>): string =>
    chunk([], { usage: counted, timings });

  if (api === "completions") {
    const text = (value: string, reason: string | null = null, more: Record<string, unknown> = {}): string =>
      chunk([{ text: value, index: 0, logprobs: null, finish_reason: reason }], more);
    return {
      role: () => undefined,
      empty: () => text(""),
      token: (_, value) => text(value),
      finish: (reason, timings) => text("", reason, timings === undefined ? {} : { timings }),
      usage,
    };
  }

  const delta = (value: Record<string, unknown>): string =>
    chunk([{ finish_reason: null, index: 0, delta: value }]);
  return {
    role: () => delta({ role: "assistant", content: null }),
    empty: (index) => delta(index % 2 === 0 ? { content: "" } : {}),
    token(kind, text, index) {
      if (kind === "reasoning") return delta({ reasoning_content: text });
      if (kind === "tool_call") return delta({ tool_calls: [{ index: 0, ...toolCall(text, index, id) }] });
      return delta({ content: text });
    },
    finish: (reason, timings) =>
      chunk([{ finish_reason: reason, index: 0, delta: {} }], timings === undefined ? {} : { timings }),
    usage,
  };
}

/** @returns a call of a tool, whole or a piece of one. */
export function toolCall(text: string, index: number, id: string): Record<string, unknown> {
  return { id: `call-${id}`, type: "function", function: { name: `find_${index}`, arguments: text } };
}
