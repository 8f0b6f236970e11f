// Lists of OpenAI messages: which one is the prompt, what precedes it, which turns follow.
import type { Message } from "../../../../lib/core/prompts/message.ts";
import type { Row, Turn } from "../../../../lib/core/prompts/row.ts";
import { countWords } from "../../../../lib/core/prompts/row-filter.ts";
import { hasOtherParts, toText } from "../../../../lib/core/prompts/templates.ts";
import { RowFault, type RowParts } from "../layout.ts";

/** Whether the value can be a list of messages; what they contain is checked on use. */
export function isMessages(value: unknown): value is Message[] {
  return Array.isArray(value) && value.every((message) => typeof message?.role === "string");
}

interface Part {
  type?: unknown;
  text?: unknown;
  image_url?: { url?: unknown } | null;
}

function isPart(part: Part | null): boolean {
  if (part?.type === "text") return typeof part.text === "string";
  if (part?.type === "image_url") return typeof part.image_url?.url === "string";
  return typeof part?.type === "string";
}

/** An assistant that calls tools need not say anything. */
const callsTools = (message: Message | undefined) =>
  Array.isArray(message?.tool_calls) && message.tool_calls.length > 0;

function isContent(content: unknown): boolean {
  return typeof content === "string" || (Array.isArray(content) && content.every(isPart));
}

/** @throws RowFault for the first message whose content is neither a text nor a list of parts */
function checkContents(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const content: unknown = message.content;
    if (isContent(content) || ((content ?? null) === null && callsTools(message))) continue;
    const got = Array.isArray(content) ? "a part of another form" : (JSON.stringify(content) ?? "nothing");
    throw new RowFault(
      `expected the \`content\` of message ${index + 1} to be a text or a list of parts (\`text\`, \`image_url\`), got ${got.slice(0, 60)}`,
    );
  }
}

const isSystem = (message: Message | undefined) =>
  message?.role === "system" || message?.role === "developer";

/** The text of the message after a prompt, if it is an answer in words. */
function toAnswer(next: Message | undefined): Pick<Turn, "answer" | "answerTokens"> {
  if (next?.role !== "assistant" || callsTools(next) || !isContent(next.content)) return {};
  const answer = toText(next.content);
  return { answer, answerTokens: countWords(answer) };
}

/** The row whose prompt is the message at `index`, with everything before it. @throws RowFault */
function toRowParts(messages: readonly Message[], index: number): RowParts {
  checkContents(messages.slice(0, index + 1));
  const { content } = messages[index] as Message;
  const [first] = messages;
  const start = isSystem(first) ? 1 : 0;
  return {
    prompt: toText(content),
    ...toAnswer(messages[index + 1]),
    ...(start === 1 && { system: toText(first?.content) }),
    ...(index > start && { before: messages.slice(start, index) }),
    ...(hasOtherParts(content) && { content: content as NonNullable<Row["content"]> }),
  };
}

/** A log to be continued: its last user message is the prompt. @throws RowFault */
export function toLastTurn(messages: readonly Message[]): RowParts | "noUser" {
  const index = messages.findLastIndex(({ role }) => role === "user");
  return index < 0 ? "noUser" : toRowParts(messages, index);
}

/** Later turns from `start` on, while user and assistant take turns and the user sends texts only. */
function toLaterTurns(messages: readonly Message[], start: number): Turn[] {
  const turns: Turn[] = [];
  for (let at = start; messages[at]?.role === "user"; at += 2) {
    const question = messages[at] as Message;
    const isAnswered = "answer" in toAnswer(messages[at - 1]);
    if (!isAnswered || hasOtherParts(question.content)) break;
    checkContents(messages.slice(0, at + 1));
    turns.push({ prompt: toText(question.content), ...toAnswer(messages[at + 1]) });
  }
  return turns;
}

/** A conversation from its beginning: the first user message is the prompt, those that follow are turns. @throws RowFault */
export function toConversation(messages: readonly Message[]): RowParts | "noUser" {
  const index = messages.findIndex(({ role }) => role === "user");
  if (index < 0) return "noUser";
  return { ...toRowParts(messages, index), turns: toLaterTurns(messages, index + 2) };
}

/** Whether the conversation has every message of the user. */
export function isWhole({ turns = [] }: RowParts, messages: readonly Message[]): boolean {
  return messages.filter(({ role }) => role === "user").length === turns.length + 1;
}
