// OpenAI chat completions with `stream: false`: the whole answer in one JSON document.
import type { Dialect } from "../../request/dialect.ts";
import { messageTokens } from "./chat-completions.ts";
import { openAiFields } from "./openai-fields.ts";

export const chatCompletionsSync: Dialect = {
  name: "chat-completions-sync",
  framing: "json",
  tokens: messageTokens("choices.*.message"),
  ...openAiFields,
  end: {},
  contentTypes: ["application/json"],
};
