// The body of OpenAI responses: https://platform.openai.com/docs/api-reference/responses/create.

import type { Message } from "../../prompts/message.ts";
import { defineBody } from "../api-body.ts";
import { given, parseExtra, parseTools, toSampling } from "../body.ts";
import { chosenTool, isChatTool, mapTools } from "../chat-tool.ts";
import { partsOf, textOf, toolCallsOf } from "../message-parts.ts";

/** A message, and each call of a tool or its result, is an item of its own. */
function toItems(message: Message): object[] {
  const { role, content } = message;
  if (role === "tool") {
    return [{ type: "function_call_output", call_id: message.tool_call_id, output: textOf(message) }];
  }
  const calls = toolCallsOf(message).map(({ id, ...call }) => ({
    type: "function_call",
    call_id: id,
    ...call,
  }));
  // Without its type llama-server does not know an assistant's message.
  const item = (parts: unknown) => ({ type: "message", role, content: parts });
  if (typeof content === "string") return content === "" ? calls : [item(content), ...calls];
  const { texts, images } = partsOf(message);
  const parts = [
    ...texts.map((text) => ({ type: role === "assistant" ? "output_text" : "input_text", text })),
    ...images.map((url) => ({ type: "input_image", image_url: url })),
  ];
  return parts.length === 0 ? calls : [item(parts), ...calls];
}

/** What is inside `json_schema` is one level up here. @param form a `response_format` of chat completions */
function toText(form: unknown): { format: object } {
  const { json_schema: named, ...others } = form as { type: string; json_schema?: object };
  return { format: { ...others, ...named } };
}

/** A function's fields are those of its tool; a tool in another form is left as it is. */
function toTool(tool: unknown): unknown {
  return isChatTool(tool) ? { type: "function", ...tool.function } : tool;
}

function toChoice(choice: unknown): unknown {
  const name = chosenTool(choice);
  return name === undefined ? choice : { type: "function", name };
}

export const body = defineBody<readonly Message[]>({
  toFields(options) {
    const { responseFormat, tools } = options;
    const { temperature, top_p } = toSampling(options);
    return {
      model: options.modelAlias,
      stream: options.mode !== "sync",
      // A measurement leaves nothing behind on the server.
      store: false,
      ...given({
        temperature,
        top_p,
        text: responseFormat && toText(JSON.parse(responseFormat)),
        tools: tools && parseTools(tools).map(toTool),
      }),
      ...parseExtra(options.extraBody),
    };
  },
  toBody: (fields, messages, { tokens }) => ({
    ...fields,
    input: messages.flatMap(toItems),
    max_output_tokens: tokens,
  }),
  toRowFields: ({ tools, tool_choice: choice, parallel_tool_calls, response_format: form }) => ({
    tools: mapTools(tools, toTool),
    tool_choice: toChoice(choice),
    parallel_tool_calls,
    text: form && toText(form),
  }),
});
