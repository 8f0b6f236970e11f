// A row's own fields of the body, which are those of a chat completion, in the form of another API.
import { given } from "../body.ts";
import { toOllamaFormat, toResponsesText } from "./answer-form.ts";
import type { OtherEndpoint } from "./index.ts";
import { toMessagesTool, toResponsesTool } from "./tools.ts";

type Fields = Record<string, unknown>;

function mapList(list: unknown, change: (tool: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.map(change) : undefined;
}

function nameOf(choice: unknown): string | undefined {
  return (choice as { function?: { name?: string } } | undefined)?.function?.name;
}

/** "auto", "none", "required", or one function by its name. */
function toMessagesChoice(choice: unknown): object | undefined {
  const name = nameOf(choice);
  if (name !== undefined) return { type: "tool", name };
  return typeof choice === "string" ? { type: choice === "required" ? "any" : choice } : undefined;
}

function toResponsesChoice(choice: unknown): unknown {
  const name = nameOf(choice);
  return name === undefined ? choice : { type: "function", name };
}

/** Those that an API has a place for; where prompts are texts there are none. */
const CHANGES: { [E in OtherEndpoint]?: (body: Fields) => Fields } = {
  responses: ({ tools, tool_choice: choice, parallel_tool_calls, response_format: form }) => ({
    tools: mapList(tools, toResponsesTool),
    tool_choice: toResponsesChoice(choice),
    parallel_tool_calls,
    text: form && toResponsesText(form),
  }),
  messages: ({ tools, tool_choice: choice }) => ({
    tools: mapList(tools, toMessagesTool),
    tool_choice: toMessagesChoice(choice),
  }),
  ollama: ({ tools, response_format: form }) => ({ tools, format: form && toOllamaFormat(form) }),
};

/** @param body the row's `body` */
export function toRowFields(endpoint: OtherEndpoint, body: Readonly<Fields> | undefined): Fields {
  const change = CHANGES[endpoint];
  return body === undefined || change === undefined ? {} : given(change(body));
}
