// The body of Ollama's `/api/chat`: https://github.com/ollama/ollama/blob/main/docs/api.md.

import type { Message } from "../../prompts/message.ts";
import { defineBody, withExtra } from "../api-body.ts";
import { given, parseExtra, parseTools, toSampling } from "../body.ts";
import { partsOf, readDataUrl, textOf, toolCallsOf } from "../message-parts.ts";

/** Images have a field of their own, in base64; the arguments of a call are an object. */
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

/** `json`, or the schema itself; undefined for plain text. @param form a `response_format` of chat completions */
function toFormat(form: unknown): unknown {
  const { type, json_schema: named } = form as { type: string; json_schema?: { schema?: object } };
  return type === "text" ? undefined : (named?.schema ?? "json");
}

export const body = defineBody<readonly Message[]>({
  toFields(options) {
    const { responseFormat, tools, seed } = options;
    const fields = {
      model: options.modelAlias,
      stream: options.mode !== "sync",
      options: { seed, ...toSampling(options) },
      ...given({
        format: responseFormat && toFormat(JSON.parse(responseFormat)),
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
  toRowFields: ({ tools, response_format: form }) => ({ tools, format: form && toFormat(form) }),
});
