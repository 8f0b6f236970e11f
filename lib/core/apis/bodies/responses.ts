// The body of OpenAI responses: https://platform.openai.com/docs/api-reference/responses/create.

import type { Message } from "../../prompts/message.ts";
import { given, parseExtra, parseTools, toSampling } from "../body.ts";
import { toResponsesText } from "./answer-form.ts";
import type { ApiBody } from "./api-body.ts";
import { partsOf, textOf, toolCallsOf } from "./message-parts.ts";
import { toResponsesTool } from "./tools.ts";

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

export const responsesBody: ApiBody<readonly Message[]> = {
  toFields(options) {
    const { responseFormat, tools } = options;
    const { temperature, top_p } = toSampling(options);
    return {
      model: options.modelAlias,
      stream: options.mode !== "sync",
      // Whoever measures leaves nothing behind.
      store: false,
      ...given({
        ...{ temperature, top_p },
        text: responseFormat && toResponsesText(JSON.parse(responseFormat)),
        tools: tools && parseTools(tools).map(toResponsesTool),
      }),
      ...parseExtra(options.extraBody),
    };
  },
  toBody: (fields, messages, { tokens }) => ({
    ...fields,
    input: messages.flatMap(toItems),
    max_output_tokens: tokens,
  }),
};
