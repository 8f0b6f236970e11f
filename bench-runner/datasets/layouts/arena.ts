// Arena conversations, two models on one prompt or one model alone: the user's first message is the prompt.
import type { Layout } from "../layout.ts";
import { isMessages, toTurn } from "./messages.ts";

export const arenaLayout: Layout = {
  shape: '`conversation_a` or `conversation` with a list of `{"role": "user", "content": "…"}`',
  marks: [["conversation_a"], ["conversation"]],
  columns: ["conversation_a", "conversation"],
  toContent(values) {
    const turns = values.conversation_a ?? values.conversation;
    if (!isMessages(turns)) return undefined;
    const turn = toTurn(
      turns,
      turns.findIndex(({ role }) => role === "user"),
    );
    return typeof turn === "object" ? { task: "chat", ...turn } : turn;
  },
};
