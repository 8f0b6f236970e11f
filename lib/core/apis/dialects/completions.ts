// OpenAI completions (a prompt goes on, no chat) as llama-server, vLLM and SGLang stream them.
import type { Dialect } from "../../request/dialect.ts";
import { openAiFields } from "./openai-fields.ts";

export const completions: Dialect = {
  name: "completions",
  framing: "sse",
  tokens: [{ path: "choices.*.text", kind: "content" }],
  ...openAiFields,
  end: { data: "[DONE]" },
  contentTypes: ["text/event-stream"],
};
