// The body of one request to an API, as a client of k6 makes it: for the tests of the bodies.
import type { ApiBody } from "../../lib/core/apis/api-body.ts";
import { apiOf, type Endpoint } from "../../lib/core/apis/apis.ts";
import type { BodyOptions, LengthOptions } from "../../lib/core/apis/body.ts";
import type { Message } from "../../lib/core/prompts/message.ts";
import { toMessages } from "../../lib/core/prompts/messages.ts";
import type { Row } from "../../lib/core/prompts/row.ts";

const OPTIONS = { modelAlias: "my-model", seed: 42 };
const ROW: Row = { id: "a", prompt: "Hello there" };

/** What a row without anything else is sent as. */
export const MESSAGES = toMessages(ROW, { systemPrompt: "Be brief." });

export interface Asked {
  options?: Partial<BodyOptions>;
  length?: Partial<LengthOptions>;
  row?: Partial<Row>;
  messages?: Message[];
}

/** @param endpoint whose `input` decides between messages and a text */
export function bodyOf(
  endpoint: Endpoint,
  { toFields, toBody }: ApiBody,
  { options, length, row, messages }: Asked = {},
): Record<string, unknown> {
  const fields = toFields({ ...OPTIONS, ...options });
  const input = apiOf(endpoint).input === "text" ? ROW.prompt : (messages ?? MESSAGES);
  return toBody(fields, input, { maxTokens: 64, ...length }, { ...ROW, ...row });
}

/** With an image, and a tool that is called and answers. */
export const CONVERSATION: Message[] = [
  {
    role: "user",
    content: [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    ],
  },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
  },
  { role: "tool", tool_call_id: "c1", content: "a cat" },
  { role: "assistant", content: "A cat." },
];
