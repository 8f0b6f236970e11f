import { describe, expect, it } from "vitest";
import { type Asked, bodyOf, CONVERSATION } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("messages", body, asked);

const schema = { type: "object", properties: {} };
const look = { type: "function", function: { name: "look", description: "Looks.", parameters: schema } };

it("is a streamed request with the system message apart", () => {
  expect(toBody()).toEqual({
    model: "my-model",
    stream: true,
    system: "Be brief.",
    messages: [{ role: "user", content: "Hello there" }],
    max_tokens: 64,
  });
});

describe("options by the names of the API", () => {
  const rows: [string, Asked, object][] = [
    [
      "sampling",
      { options: { temperature: 0.5, topP: 0.9, topK: 40, stop: ["END"] } },
      { temperature: 0.5, top_k: 40, stop_sequences: ["END"] },
    ],
    [
      "tools",
      { options: { tools: JSON.stringify([look]) } },
      { tools: [{ name: "look", description: "Looks.", input_schema: schema }] },
    ],
    [
      "the tools of a row",
      { row: { body: { tools: [look] } } },
      { tools: [{ name: "look", description: "Looks.", input_schema: schema }] },
    ],
    [
      "the choice of a row: some tool",
      { row: { body: { tool_choice: "required", parallel_tool_calls: false } } },
      { tool_choice: { type: "any" } },
    ],
    [
      "the choice of a row: this tool",
      { row: { body: { tool_choice: { type: "function", function: { name: "look" } } } } },
      { tool_choice: { type: "tool", name: "look" } },
    ],
    [
      "tools that are the API's own",
      { options: { tools: '[{"name":"look","input_schema":{}}]' } },
      { tools: [{ name: "look", input_schema: {} }] },
    ],
  ];
  it.each(rows)("%s", (_, asked, part) => {
    expect(toBody(asked)).toMatchObject(part);
  });
});

it("leaves out the fields of a row that the API would refuse", () => {
  const row = { body: { response_format: { type: "json_object" }, parallel_tool_calls: true } };
  expect(toBody({ row })).toEqual(toBody());
});

it("is a list of messages with parts for a conversation with images and calls of tools", () => {
  expect(toBody({ messages: CONVERSATION }).messages).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      ],
    },
    { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "look", input: { at: 1 } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "a cat" }] },
    { role: "assistant", content: "A cat." },
  ]);
});
