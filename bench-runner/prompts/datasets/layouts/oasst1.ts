// OpenAssistant's messages, one per row: those without a parent begin a conversation and are prompts.
import type { Layout } from "../layout.ts";

export const oasst1Layout: Layout = {
  shape: "`message_id`, `parent_id`, `text` and `role`",
  marks: [["message_id", "text", "role"]],
  columns: ["message_id", "parent_id", "text", "role"],
  template: "chat",
  toContent({ parent_id: parent, text, role }) {
    if (typeof text !== "string" || typeof role !== "string") return undefined;
    if (typeof parent === "string" && parent !== "") return "reply";
    return role === "prompter" ? { task: "chat", prompt: text } : "noUser";
  },
};
