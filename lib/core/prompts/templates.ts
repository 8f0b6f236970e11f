// How a text becomes a prompt: an instruction for chat models, or a text that a base model continues.
import type { Message } from "./message.ts";
import type { Row } from "./row.ts";

/** For models that take instructions, or for base models on `/completions`. */
export type PromptStyle = "chat" | "plain";

export const TEMPLATES = {
  chat: {
    chat: (text: string) => text,
    plain: (text: string) => `User: ${text}\n\nAssistant:`,
  },
  summarization: {
    chat: (text: string) => `Summarize this article in three or four short sentences.\n\n${text}`,
    plain: (text: string) => `${text}\n\nTL;DR:`,
  },
  "question-answering": {
    chat: (text: string) => text,
    plain: (text: string) => `Question: ${text}\nAnswer:`,
  },
  code: {
    chat: (text: string) =>
      `Complete this Python function. Answer with the whole function and nothing else.\n\n\`\`\`python\n${text.trimEnd()}\n\`\`\``,
    plain: (text: string) => text,
  },
} as const satisfies Record<string, Record<PromptStyle, (text: string) => string>>;

/** A kind of text that has templates. */
export type Template = keyof typeof TEMPLATES;

/** The texts of a message's content, one a line. */
export function toText(content: Message["content"] | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).flatMap((part) => (part as { text?: string }).text ?? []).join("\n");
}

/** Whether a message has parts other than text, such as an image. */
export function hasOtherParts(content: Message["content"] | undefined): boolean {
  return Array.isArray(content) && content.some((part: { type?: unknown }) => part.type !== "text");
}

/** "User: …", "Assistant: …": what was said before the prompt, each message a paragraph. */
function toTranscript(messages: readonly Message[]): string {
  return messages
    .map(({ role, content }) => [role.charAt(0).toUpperCase() + role.slice(1), toText(content)] as const)
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `${name}: ${text}\n\n`)
    .join("");
}

/**
 * A row for base models: messages before the prompt become a part of it, tools are left out.
 * @param row with the texts of its turns as the dataset has them
 */
export function toPlainRow({ before = [], body = {}, ...row }: Row, template: Template): Row {
  const { plain } = TEMPLATES[template];
  const { tools, tool_choice, parallel_tool_calls, ...others } = body;
  return {
    ...row,
    prompt: toTranscript(before) + plain(row.prompt),
    ...(row.turns && { turns: row.turns.map((turn) => ({ ...turn, prompt: plain(turn.prompt) })) }),
    ...(Object.keys(others).length > 0 && { body: others }),
    style: "plain",
  };
}
