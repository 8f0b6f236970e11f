// The body of Ollama's `/api/chat`: https://github.com/ollama/ollama/blob/main/docs/api.md.

import type { Message } from "../../prompts/message.ts";
import { given, parseExtra, parseTools, toSampling } from "../body.ts";
import { toOllamaFormat } from "./answer-form.ts";
import { type ApiBody, withExtra } from "./api-body.ts";
import { partsOf, readDataUrl, textOf, toolCallsOf } from "./message-parts.ts";

/** Images stand beside the text, in base64; the arguments of a call are an object. */
function toMessage(message: Message): object {
  const images = partsOf(message).images.map((url) => readDataUrl(url)?.data ?? url);
  const calls = toolCallsOf(message).map(({ name, arguments: text }) => ({
    function: { name, arguments: JSON.parse(text || "{}") },
  }));
  return {
    role: message.role === "developer" ? "system" : message.role,
    content: textOf(message),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(typeof message.name === "string" && { tool_name: message.name }),
  };
}

export const ollamaChatBody: ApiBody<readonly Message[]> = {
  toFields(options) {
    const { responseFormat, tools, seed } = options;
    const fields = {
      model: options.modelAlias,
      stream: options.mode !== "sync",
      options: { seed, ...toSampling(options) },
      ...given({
        format: responseFormat && toOllamaFormat(JSON.parse(responseFormat)),
        tools: tools && parseTools(tools),
      }),
    };
    return withExtra(fields, parseExtra(options.extraBody), "options");
  },
  toBody: (fields, messages, { tokens }) => ({
    ...fields,
    messages: messages.map(toMessage),
    options: { ...(fields.options as object), num_predict: tokens },
  }),
};
