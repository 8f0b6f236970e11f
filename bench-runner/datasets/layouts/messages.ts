// OpenAI messages, `{"messages": [{"role": "user", "content": "…"}]}`: the last message of the user is the prompt.
import { countWords } from "../../../lib/core/row-filter.ts";
import type { Layout } from "../layout.ts";

interface Message {
  role?: unknown;
  content?: unknown;
}

interface Part {
  type?: unknown;
  text?: unknown;
}

const hasText = (part: Part | null) => part?.type === "text" && typeof part.text === "string";

/** The text of a message's content; null where a part of it is an image or the like; undefined where it is no content. */
function toText(content: unknown): string | null | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const parts = content as (Part | null)[];
  return parts.every(hasText) ? parts.map((part) => part?.text).join("\n") : null;
}

/** Whether the value can be a list of messages; those of `system` and `tool` count too. */
export function isMessages(value: unknown): value is Message[] {
  return Array.isArray(value) && value.every((message) => typeof message?.role === "string");
}

/**
 * The message of a user as a prompt, the next one's words as the dataset's answer.
 * @param index of the message in the list; below 0 where there is none
 */
export function toTurn(messages: readonly Message[], index: number): ReturnType<Layout["toContent"]> {
  if (messages.some(({ content }) => toText(content) === null)) return "image";
  if (index < 0) return "noUser";
  const prompt = toText(messages[index]?.content);
  if (typeof prompt !== "string") return undefined;
  const next = messages[index + 1];
  const answer = next?.role === "assistant" ? toText(next.content) : undefined;
  return { prompt, ...(typeof answer === "string" && { answerTokens: countWords(answer) }) };
}

export const messagesLayout: Layout = {
  shape: '`{"messages": [{"role": "user", "content": "…"}]}`',
  marks: [["messages"]],
  columns: ["messages"],
  toContent: ({ messages }) =>
    isMessages(messages)
      ? toTurn(
          messages,
          messages.findLastIndex(({ role }) => role === "user"),
        )
      : undefined,
};
