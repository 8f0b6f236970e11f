// The body of Anthropic messages: https://docs.anthropic.com/en/api/messages.

import type { Message } from "../../prompts/message.ts";
import { defineBody } from "../api-body.ts";
import { given, parseExtra, parseTools, toSampling } from "../body.ts";
import { chosenTool, isChatTool, mapTools } from "../chat-tool.ts";
import { partsOf, readDataUrl, textOf, toolCallsOf } from "../message-parts.ts";

const isSystem = ({ role }: Message) => role === "system" || role === "developer";

function toImage(url: string): object {
  const inside = readDataUrl(url);
  const source =
    inside === undefined
      ? { type: "url", url }
      : { type: "base64", media_type: inside.mediaType, data: inside.data };
  return { type: "image", source };
}

/** Calls of tools and their results are parts of a message. */
function toMessage(message: Message): object {
  const { role, content } = message;
  if (role === "tool") {
    const result = { type: "tool_result", tool_use_id: message.tool_call_id, content: textOf(message) };
    return { role: "user", content: [result] };
  }
  const calls = toolCallsOf(message);
  if (typeof content === "string" && calls.length === 0) return { role, content };
  const { texts, images } = partsOf(message);
  return {
    role,
    content: [
      ...texts.map((text) => ({ type: "text", text })),
      ...images.map(toImage),
      ...calls.map((call) => ({
        type: "tool_use",
        id: call.id,
        name: call.name,
        input: JSON.parse(call.arguments || "{}"),
      })),
    ],
  };
}

/** What the parameters are is the `input_schema`; a tool in another form is left as it is. */
function toTool(tool: unknown): unknown {
  if (!isChatTool(tool)) return tool;
  const { name, description, parameters = { type: "object" } } = tool.function;
  return { name, ...(description !== undefined && { description }), input_schema: parameters };
}

/** "auto", "none", "required", or one function by its name. */
function toChoice(choice: unknown): object | undefined {
  const name = chosenTool(choice);
  if (name !== undefined) return { type: "tool", name };
  return typeof choice === "string" ? { type: choice === "required" ? "any" : choice } : undefined;
}

export const body = defineBody<readonly Message[]>({
  toFields(options) {
    const { temperature, top_p, top_k, stop } = toSampling(options);
    return {
      model: options.modelAlias,
      stream: options.mode !== "sync",
      ...given({
        temperature,
        top_p,
        top_k,
        stop_sequences: stop,
        tools: options.tools && parseTools(options.tools).map(toTool),
      }),
      ...parseExtra(options.extraBody),
    };
  },
  toBody(fields, messages, { tokens }) {
    const system = messages.filter(isSystem).map(textOf).join("\n\n");
    return {
      ...fields,
      ...(system !== "" && { system }),
      messages: messages.filter((message) => !isSystem(message)).map(toMessage),
      max_tokens: tokens,
    };
  },
  toRowFields: ({ tools, tool_choice: choice }) => ({
    tools: mapTools(tools, toTool),
    tool_choice: toChoice(choice),
  }),
});
