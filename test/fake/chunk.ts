// The JSON of the chat-completion chunks, as llama-server writes them.

import type { EventKind } from "./timeline.ts";

export interface Usage {
  completion_tokens: number;
  prompt_tokens: number;
  total_tokens: number;
  prompt_tokens_details: { cached_tokens: number };
}

export const fingerprint = "b0-fake";

export interface ChunkBuilder {
  role(): string;
  delta(delta: Record<string, unknown>): string;
  token(kind: EventKind, text: string, index: number): string;
  finish(reason: string, timings: Record<string, number> | undefined): string;
  usage(usage: Usage, timings: Record<string, number>): string;
}

/** @returns functions that build each kind of chunk of the answer `id`. */
export function chunkBuilder(id: string, model: string): ChunkBuilder {
  const created = Math.floor(Date.now() / 1000);
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    JSON.stringify({
      choices,
      created,
      id,
      model,
      system_fingerprint: fingerprint,
      object: "chat.completion.chunk",
      ...more,
    });
  const delta = (value: Record<string, unknown>): string =>
    chunk([{ finish_reason: null, index: 0, delta: value }]);

  return {
    role: () => delta({ role: "assistant", content: null }),
    delta,
    token(kind, text, index) {
      if (kind === "reasoning") return delta({ reasoning_content: text });
      if (kind === "tool_call") return delta({ tool_calls: [toolCall(text, index, id)] });
      return delta({ content: text });
    },
    finish: (reason, timings) =>
      chunk([{ finish_reason: reason, index: 0, delta: {} }], timings === undefined ? {} : { timings }),
    usage: (usage, timings) => chunk([], { usage, timings }),
  };
}

function toolCall(text: string, index: number, id: string): Record<string, unknown> {
  return {
    index: 0,
    id: `call-${id}`,
    type: "function",
    function: { name: `find_${index}`, arguments: text },
  };
}
