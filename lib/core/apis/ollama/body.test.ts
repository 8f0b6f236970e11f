import { describe, expect, it } from "vitest";
import { type Asked, bodyOf, CONVERSATION, MESSAGES } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("ollama", body, asked);

const schema = { type: "object", properties: {} };
const responseFormat = JSON.stringify({ type: "json_schema", json_schema: { name: "x", schema } });
const tools = [{ type: "function", function: { name: "look", description: "Looks.", parameters: schema } }];

it("is a streamed request", () => {
  expect(toBody()).toEqual({
    model: "my-model",
    stream: true,
    messages: MESSAGES,
    options: { seed: 42, num_predict: 64 },
  });
});

describe("options by the names of the API", () => {
  const sampling = { temperature: 0.5, topP: 0.9, topK: 40, stop: ["END"] };
  const rows: [string, Asked, object][] = [
    [
      "a row's own fields",
      { row: { body: { tools, response_format: JSON.parse(responseFormat) } } },
      { tools, format: schema },
    ],
    [
      "sampling, a form and further options",
      { options: { ...sampling, responseFormat, extraBody: '{"options":{"num_ctx":512},"think":false}' } },
      { format: schema, think: false, options: { temperature: 0.5, stop: ["END"], num_ctx: 512, seed: 42 } },
    ],
    ["any JSON", { options: { responseFormat: '{"type":"json_object"}' } }, { format: "json" }],
  ];
  it.each(rows)("%s", (_, asked, part) => {
    expect(toBody(asked)).toMatchObject(part);
  });
});

it("puts the images of a conversation in a field of their own", () => {
  expect(toBody({ messages: CONVERSATION }).messages).toEqual([
    { role: "user", content: "What is this?", images: ["AAAA"] },
    {
      role: "assistant",
      content: "",
      tool_calls: [{ function: { name: "look", arguments: { at: 1 } } }],
    },
    { role: "tool", content: "a cat" },
    { role: "assistant", content: "A cat." },
  ]);
});
