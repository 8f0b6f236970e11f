// Arena conversations, two models on one prompt or one model alone: the user's first message is the prompt.
import type { Layout } from "../layout.ts";
import { isMessages, toConversation } from "./conversation.ts";

export const arenaLayout: Layout = {
  shape: '`conversation_a` or `conversation` with a list of `{"role": "user", "content": "…"}`',
  marks: [["conversation_a"], ["conversation"]],
  columns: ["conversation_a", "conversation"],
  template: "chat",
  toContent(values) {
    const messages = values.conversation_a ?? values.conversation;
    if (!isMessages(messages)) return undefined;
    const parts = toConversation(messages);
    return parts === "noUser" ? parts : { task: "chat", ...parts };
  },
};
