import { describe, expect, it } from "vitest";
import type { Message } from "../prompts/message.ts";
import { toMessages } from "../prompts/messages.ts";
import type { Row } from "../prompts/row.ts";
import type { ApiBody } from "./api-body.ts";
import { apiOf, ENDPOINTS, type Endpoint } from "./apis.ts";
import type { BodyOptions, LengthOptions } from "./body.ts";

const OPTIONS = { modelAlias: "my-model", seed: 42 };
const ROW: Row = { id: "a", prompt: "Hello there" };
const MESSAGES = toMessages(ROW, { systemPrompt: "Be brief." });

type OtherEndpoint = Exclude<Endpoint, "chat" | "completions">;

const OTHERS = ENDPOINTS.filter((endpoint) => apiOf(endpoint).body !== "openai") as OtherEndpoint[];

const BODIES = Object.fromEntries(
  await Promise.all(
    OTHERS.map(async (endpoint) => [
      endpoint,
      ((await import(`./${endpoint}/body.ts`)) as { body: ApiBody }).body,
    ]),
  ),
) as Record<OtherEndpoint, ApiBody>;

interface Asked {
  options?: Partial<BodyOptions>;
  length?: Partial<LengthOptions>;
  row?: Partial<Row>;
  messages?: Message[];
}

function bodyOf(endpoint: OtherEndpoint, { options, length, row, messages }: Asked = {}) {
  const { toFields, toBody } = BODIES[endpoint];
  const fields = toFields({ ...OPTIONS, ...options });
  const input = apiOf(endpoint).input === "text" ? ROW.prompt : (messages ?? MESSAGES);
  return toBody(fields, input, { maxTokens: 64, ...length }, { ...ROW, ...row });
}

describe("a streamed request", () => {
  const item = (role: string, content: string) => ({ type: "message", role, content });
  const rows: [OtherEndpoint, object][] = [
    [
      "responses",
      {
        model: "my-model",
        stream: true,
        store: false,
        input: [item("system", "Be brief."), item("user", "Hello there")],
        max_output_tokens: 64,
      },
    ],
    [
      "messages",
      {
        model: "my-model",
        stream: true,
        system: "Be brief.",
        messages: [{ role: "user", content: "Hello there" }],
        max_tokens: 64,
      },
    ],
    ["completion", { model: "my-model", stream: true, seed: 42, prompt: "Hello there", n_predict: 64 }],
    ["generate", { stream: true, seed: 42, prompt: "Hello there", max_tokens: 64 }],
    [
      "generate-stream",
      {
        inputs: "Hello there",
        parameters: { do_sample: false, seed: 42, details: true, max_new_tokens: 64 },
      },
    ],
    [
      "ollama",
      {
        model: "my-model",
        stream: true,
        messages: MESSAGES,
        options: { seed: 42, num_predict: 64 },
      },
    ],
    ["amsv2", { inputs: "Hello there", parameters: { do_sample: false, max_new_tokens: 64 } }],
    [
      "ppl",
      {
        req: [
          {
            id: 0,
            prompt: "Hello there",
            choosing_parameters: { temperature: 1, top_k: 1, top_p: 0, do_sample: false, seed: 42 },
            stopping_parameters: { max_new_tokens: 64, ignore_eos_token: false },
          },
        ],
      },
    ],
  ];
  it.each(rows)("to %s", (endpoint, body) => {
    expect(bodyOf(endpoint)).toEqual(body);
  });

  it("is there for each API", () => {
    expect(rows.map(([endpoint]) => endpoint).sort()).toEqual([...OTHERS].sort());
  });
});

describe("options by the names of an API", () => {
  const sampling = { temperature: 0.5, topP: 0.9, topK: 40, stop: ["END"] };
  const schema = { type: "object", properties: {} };
  const responseFormat = JSON.stringify({ type: "json_schema", json_schema: { name: "x", schema } });
  const tools = JSON.stringify([
    { type: "function", function: { name: "look", description: "Looks.", parameters: schema } },
  ]);
  const rows: [OtherEndpoint, string, Asked, object][] = [
    ["responses", "whole answers", { options: { mode: "sync" } }, { stream: false }],
    [
      "responses",
      "a form of the answer",
      { options: { responseFormat } },
      { text: { format: { type: "json_schema", name: "x", schema } } },
    ],
    [
      "responses",
      "tools",
      { options: { tools } },
      { tools: [{ type: "function", name: "look", description: "Looks.", parameters: schema }] },
    ],
    ["messages", "sampling", { options: sampling }, { temperature: 0.5, top_k: 40, stop_sequences: ["END"] }],
    [
      "messages",
      "tools",
      { options: { tools } },
      { tools: [{ name: "look", description: "Looks.", input_schema: schema }] },
    ],
    [
      "messages",
      "the tools of a row",
      { row: { body: { tools: JSON.parse(tools) } } },
      { tools: [{ name: "look", description: "Looks.", input_schema: schema }] },
    ],
    [
      "messages",
      "the choice of a row: some tool",
      { row: { body: { tool_choice: "required", parallel_tool_calls: false } } },
      { tool_choice: { type: "any" } },
    ],
    [
      "messages",
      "the choice of a row: this tool",
      { row: { body: { tool_choice: { type: "function", function: { name: "look" } } } } },
      { tool_choice: { type: "tool", name: "look" } },
    ],
    [
      "responses",
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
    [
      "ollama",
      "a row's own fields",
      { row: { body: { tools: JSON.parse(tools), response_format: JSON.parse(responseFormat) } } },
      { tools: JSON.parse(tools), format: schema },
    ],
    [
      "messages",
      "tools that are the API's own",
      { options: { tools: '[{"name":"look","input_schema":{}}]' } },
      { tools: [{ name: "look", input_schema: {} }] },
    ],
    ["completion", "sampling", { options: sampling }, { temperature: 0.5, top_p: 0.9, stop: ["END"] }],
    ["completion", "no cache", { options: { cachePrompt: "off" } }, { cache_prompt: false }],
    [
      "completion",
      "an exact length",
      { row: { outputTokens: 9 }, length: { outputLength: "exact" } },
      { n_predict: 9, ignore_eos: true },
    ],
    [
      "generate",
      "an exact length",
      { row: { outputTokens: 9 }, length: { outputLength: "exact" } },
      { max_tokens: 9, min_tokens: 9, ignore_eos: true },
    ],
    [
      "generate-stream",
      "sampling, and further parameters of the server's",
      { options: { ...sampling, extraBody: '{"parameters":{"repetition_penalty":1.1},"x":1}' } },
      {
        x: 1,
        parameters: {
          ...{ do_sample: true, temperature: 0.5, top_p: 0.9, top_k: 40, repetition_penalty: 1.1 },
          ...{ stop: ["END"], stop_sequences: ["END"], max_new_tokens: 64 },
        },
      },
    ],
    [
      "ollama",
      "sampling, a form and further options",
      { options: { ...sampling, responseFormat, extraBody: '{"options":{"num_ctx":512},"think":false}' } },
      { format: schema, think: false, options: { temperature: 0.5, stop: ["END"], num_ctx: 512, seed: 42 } },
    ],
    ["ollama", "any JSON", { options: { responseFormat: '{"type":"json_object"}' } }, { format: "json" }],
    [
      "amsv2",
      "sampling",
      { options: { temperature: 0.8 } },
      { parameters: { do_sample: true, temperature: 0.8 } },
    ],
  ];
  it.each(rows)("%s: %s", (endpoint, _, asked, part) => {
    expect(bodyOf(endpoint, asked)).toMatchObject(part);
  });

  it("asks Text Generation Inference for greedy decoding by no temperature at all", () => {
    const { parameters } = bodyOf("generate-stream", { options: { temperature: 0 } }) as {
      parameters: object;
    };
    expect(parameters).toMatchObject({ do_sample: false });
    expect(parameters).not.toHaveProperty("temperature");
  });

  it("leaves out what an API would refuse of a row's own fields", () => {
    const row = { body: { response_format: { type: "json_object" }, parallel_tool_calls: true } };
    for (const endpoint of ["messages", "generate", "completion", "amsv2"] as const) {
      expect(bodyOf(endpoint, { row })).toEqual(bodyOf(endpoint));
    }
  });

  it("leaves what the scenario makes to the scenario", () => {
    const options = { ...OPTIONS, extraBody: '{"inputs":"x"}' };
    expect(() => BODIES.amsv2.toFields(options)).toThrow("`inputs` is made by the scenario");
  });
});

describe("a conversation with images and calls of tools", () => {
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "What is this?" }, image] },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
    },
    { role: "tool", tool_call_id: "c1", content: "a cat" },
    { role: "assistant", content: "A cat." },
  ];
  const inputOf = (endpoint: "responses" | "messages" | "ollama", key: string) =>
    (bodyOf(endpoint, { messages }) as Record<string, unknown>)[key];

  it("is a list of items for responses", () => {
    expect(inputOf("responses", "input")).toEqual([
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

  it("is a list of messages with parts for messages", () => {
    expect(inputOf("messages", "messages")).toEqual([
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

  it("has its images beside the text for Ollama", () => {
    expect(inputOf("ollama", "messages")).toEqual([
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
});
