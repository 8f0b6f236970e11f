// OpenAI chat completions as llama-server, vLLM and SGLang stream them.
import type { Dialect, TokenPath } from "../../request/dialect.ts";
import { openAiFields } from "./openai-fields.ts";

/** Where a message, or a piece of one, has its text. */
export function messageTokens(message: string): TokenPath[] {
  return [
    { path: `${message}.content`, kind: "content" },
    { path: `${message}.reasoning_content`, kind: "reasoning" },
    { path: `${message}.reasoning`, kind: "reasoning" },
    { path: `${message}.tool_calls.*.function.arguments`, kind: "tool_call" },
    { path: `${message}.tool_calls.*.function.name`, kind: "tool_call" },
    { path: `${message}.function_call.arguments`, kind: "tool_call" },
    { path: `${message}.function_call.name`, kind: "tool_call" },
  ];
}

export const chatCompletions: Dialect = {
  name: "chat-completions",
  framing: "sse",
  tokens: messageTokens("choices.*.delta"),
  ...openAiFields,
  end: { data: "[DONE]" },
  contentTypes: ["text/event-stream"],
};
