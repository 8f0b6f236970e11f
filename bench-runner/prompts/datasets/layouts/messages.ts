// Requests of the OpenAI API, `{"messages": […], "tools": […]}`, by themselves or as the `body` of a batch file's lines.
import type { Row } from "../../../../lib/core/prompts/row.ts";
import { type Layout, RowFault, type RowParts, type Values } from "../layout.ts";
import { isMessages, isWhole, toConversation, toLastTurn } from "./conversation.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** In a table the value may be a text of JSON. */
function fromJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Fields sent unchanged with the request, and their types; sampling options are those of the run. */
const BODY_FIELDS: Readonly<Record<string, readonly [expected: string, holds: (value: unknown) => boolean]>> =
  {
    tools: ["a list of objects", (value) => Array.isArray(value) && value.every(isObject)],
    tool_choice: ["a text or an object", (value) => typeof value === "string" || isObject(value)],
    parallel_tool_calls: ["`true` or `false`", (value) => typeof value === "boolean"],
    response_format: ["an object", isObject],
  };

const toFault = (name: string, expected: string, value: unknown) =>
  new RowFault(`expected \`${name}\` to be ${expected}, got ${JSON.stringify(value).slice(0, 60)}`);

/** @throws RowFault for a field of the wrong type; `null` and an empty list count as absent */
function toBody(values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, [expected, holds]] of Object.entries(BODY_FIELDS)) {
    const given = values[name] ?? undefined;
    const value = name === "tool_choice" ? given : fromJson(given);
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    if (!holds(value)) throw toFault(name, expected, value);
    body[name] = value;
  }
  return body;
}

/** @throws RowFault for a limit that is not a number of tokens */
function toMaxTokens(values: Values): number | undefined {
  const name = (values.max_completion_tokens ?? null) === null ? "max_tokens" : "max_completion_tokens";
  const value = values[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || Number(value) <= 0) throw toFault(name, "a whole number above 0", value);
  return Number(value);
}

/** A log with tools, images in later turns or two consecutive user messages is one turn, however many are requested. */
function toParts(messages: NonNullable<Row["before"]>, maxTurns: number): RowParts | "noUser" {
  if (maxTurns > 1) {
    const conversation = toConversation(messages);
    if (conversation === "noUser" || isWhole(conversation, messages)) return conversation;
  }
  return toLastTurn(messages);
}

export const messagesLayout: Layout = {
  shape: '`{"messages": [{"role": "user", "content": "…"}]}`, or a request of that form as `body`',
  marks: [["messages"], ["custom_id", "body"]],
  columns: ["messages", ...Object.keys(BODY_FIELDS), "max_tokens", "max_completion_tokens", "body"],
  template: "chat",
  toContent(values, { maxTurns = 1 }) {
    const request = isObject(values.body) && values.messages === undefined ? values.body : values;
    if (!isMessages(request.messages)) return undefined;
    const parts = toParts(request.messages, maxTurns);
    if (parts === "noUser") return parts;
    const body = toBody(request);
    const maxTokens = toMaxTokens(request);
    return {
      ...parts,
      ...(maxTokens !== undefined && { maxTokens }),
      ...(Object.keys(body).length > 0 && { body }),
    };
  },
};
