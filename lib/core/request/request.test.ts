import { describe, expect, it } from "vitest";
import { toBody, toBodyFields } from "../apis/body.ts";
import { apiUrl, rootUrl } from "../apis/url.ts";
import { toMessages, toPlainText } from "../prompts/messages.ts";

describe("toMessages", () => {
  const row = { id: "a", prompt: "Hello there" };

  it("puts the system prompt before the row's prompt", () => {
    expect(toMessages(row, { systemPrompt: "Be brief." })).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello there" },
    ]);
  });

  it("has no system message for an empty system prompt", () => {
    expect(toMessages(row, { systemPrompt: "" })).toEqual([{ role: "user", content: "Hello there" }]);
  });
});

describe("toPlainText", () => {
  it("is the prompt itself, behind the system prompt where there is one", () => {
    const row = { id: "a", prompt: "Once upon" };
    expect(toPlainText(row, { systemPrompt: "" })).toBe("Once upon");
    expect(toPlainText(row, { systemPrompt: "Be brief." })).toBe("Be brief.\n\nOnce upon");
    expect(toPlainText({ ...row, system: "" }, { systemPrompt: "Be brief." })).toBe("Once upon");
  });
});

describe("a body", () => {
  const options = { modelAlias: "my-model", seed: 42 };
  const row = { id: "a", prompt: "Hello there" };
  const whole = (more: object, own: object = {}, length: object = {}) =>
    toBody(toBodyFields({ ...options, ...more }), [], { maxTokens: 64, ...length }, { ...row, ...own });

  it("asks for a stream that ends with its usage", () => {
    expect(whole({})).toEqual({
      model: "my-model",
      messages: [],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 64,
      seed: 42,
    });
  });

  it("asks for a whole answer in sync mode", () => {
    const body = whole({ mode: "sync" });
    expect(body).toMatchObject({ stream: false });
    expect(body).not.toHaveProperty("stream_options");
  });

  it("has a prompt in the place of messages for /completions", () => {
    const body = toBody(toBodyFields(options), "Once upon", { maxTokens: 64 }, row);
    expect(body).toMatchObject({ prompt: "Once upon" });
    expect(body).not.toHaveProperty("messages");
  });

  it("has sampling options where they are given, 0 included", () => {
    const sampling = {
      temperature: 0,
      topP: 0.9,
      topK: 40,
      minP: 0.05,
      presencePenalty: 1,
      frequencyPenalty: -1,
    };
    expect(whole({ ...sampling, stop: ["END"] })).toMatchObject({
      ...{ temperature: 0, top_p: 0.9, top_k: 40, min_p: 0.05, presence_penalty: 1, frequency_penalty: -1 },
      stop: ["END"],
    });
  });

  it("has response format, tools and further fields from their JSON", () => {
    const tools = [{ type: "function", function: { name: "f" } }];
    const format = { type: "json_object" };
    expect(
      whole({
        tools: JSON.stringify(tools),
        responseFormat: JSON.stringify(format),
        extraBody: '{"user":"x","seed":7}',
      }),
    ).toMatchObject({ tools, response_format: format, user: "x", seed: 7 });
  });

  it("refuses further fields that would make another request of it", () => {
    expect(() => whole({ extraBody: '{"stream":false}' })).toThrow(/`stream` is made by the scenario/);
    expect(() => whole({ extraBody: "[]" })).toThrow(/expected a JSON object/);
    expect(() => whole({ tools: "{}" })).toThrow(/expected a JSON list/);
  });

  it("says whether the prompt cache may be used, where that is given", () => {
    expect(whole({ cachePrompt: "off" })).toMatchObject({ cache_prompt: false });
    expect(whole({ cachePrompt: "on" })).toMatchObject({ cache_prompt: true });
    expect(whole({})).not.toHaveProperty("cache_prompt");
  });

  it("has exactly or at most the row's output tokens, which take precedence over all other lengths", () => {
    const exact = { max_tokens: 9, min_tokens: 9, ignore_eos: true };
    expect(whole({}, { outputTokens: 9, maxTokens: 5 })).toMatchObject(exact);
    const limit = whole({}, { outputTokens: 9 }, { outputLength: "limit" });
    expect(limit).toMatchObject({ max_tokens: 9 });
    expect(limit).not.toHaveProperty("ignore_eos");
  });

  it("has the row's own max_tokens, and its own fields before the run's", () => {
    const body = whole({ temperature: 1 }, { maxTokens: 5, body: { temperature: 0, tool_choice: "auto" } });
    expect(body).toMatchObject({ max_tokens: 5, temperature: 0, tool_choice: "auto" });
  });
});

describe("a server's addresses", () => {
  it.each([
    ["http://localhost:8080/v1", "http://localhost:8080"],
    ["http://localhost:8080/v1/", "http://localhost:8080"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://localhost:8080/", "http://localhost:8080"],
    ["https://host/llm/v1", "https://host/llm"],
  ])("%s has the root %s", (url, root) => {
    expect(rootUrl(url)).toBe(root);
    expect(apiUrl(url, "/chat/completions")).toBe(`${root}/v1/chat/completions`);
  });
});
