// The JSON of an answer that was not asked for as a stream, as llama-server writes it.

import type { Api } from "./api.ts";
import { fingerprint, toolCall } from "./chunk.ts";
import { nowUnixMs } from "./received-request.ts";
import type { Timeline } from "./timeline.ts";

/** @returns the whole answer `id` of a plan; `withUsage` false leaves its usage out. */
export function toDocument(
  timeline: Timeline,
  api: Api,
  id: string,
  model: string,
  withUsage: boolean,
): string {
  const { finishReason, reasoning, text, toolArguments, usage, timings } = timeline;
  const choice =
    api === "completions"
      ? { text, index: 0, logprobs: null, finish_reason: finishReason }
      : {
          finish_reason: finishReason,
          index: 0,
          message: {
            role: "assistant",
            ...(reasoning !== "" && { reasoning_content: reasoning }),
            content: text,
            ...(toolArguments !== "" && { tool_calls: [toolCall(toolArguments, 0, id)] }),
          },
        };
  return JSON.stringify({
    choices: [choice],
    created: Math.floor(nowUnixMs() / 1000),
    model,
    system_fingerprint: fingerprint,
    object: api === "chat" ? "chat.completion" : "text_completion",
    ...(withUsage ? { usage } : {}),
    id,
    timings,
  });
}
