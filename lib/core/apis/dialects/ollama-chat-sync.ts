// Ollama's own `/api/chat` with `stream: false`.
import type { Dialect } from "../../request/dialect.ts";
import { ollamaChat } from "./ollama-chat.ts";

export const ollamaChatSync: Dialect = {
  ...ollamaChat,
  name: "ollama-chat-sync",
  framing: "json",
  end: {},
  contentTypes: ["application/json"],
};
