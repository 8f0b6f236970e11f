import { describe, expect, it } from "vitest";
import { type Asked, bodyOf, CONVERSATION } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("responses", body, asked);

const item = (role: string, content: string) => ({ type: "message", role, content });
const schema = { type: "object", properties: {} };

it("is a streamed request that leaves nothing behind", () => {
  expect(toBody()).toEqual({
    model: "my-model",
    stream: true,
    store: false,
    input: [item("system", "Be brief."), item("user", "Hello there")],
    max_output_tokens: 64,
  });
});

describe("options by the names of the API", () => {
  const responseFormat = JSON.stringify({ type: "json_schema", json_schema: { name: "x", schema } });
  const tools = JSON.stringify([
    { type: "function", function: { name: "look", description: "Looks.", parameters: schema } },
  ]);
  const rows: [string, Asked, object][] = [
    ["whole answers", { options: { mode: "sync" } }, { stream: false }],
    [
      "a form of the answer",
      { options: { responseFormat } },
      { text: { format: { type: "json_schema", name: "x", schema } } },
    ],
    [
      "tools",
      { options: { tools } },
      { tools: [{ type: "function", name: "look", description: "Looks.", parameters: schema }] },
    ],
    [
      "a row's own fields",
      {
        row: {
          body: {
            tool_choice: { type: "function", function: { name: "look" } },
            response_format: { type: "json_object" },
          },
        },
      },
      { tool_choice: { type: "function", name: "look" }, text: { format: { type: "json_object" } } },
    ],
  ];
  it.each(rows)("%s", (_, asked, part) => {
    expect(toBody(asked)).toMatchObject(part);
  });
});

it("is a list of items for a conversation with images and calls of tools", () => {
  expect(toBody({ messages: CONVERSATION }).input).toEqual([
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "What is this?" },
        { type: "input_image", image_url: "data:image/png;base64,AAAA" },
      ],
    },
    { type: "function_call", call_id: "c1", name: "look", arguments: '{"at":1}' },
    { type: "function_call_output", call_id: "c1", output: "a cat" },
    { type: "message", role: "assistant", content: "A cat." },
  ]);
});
