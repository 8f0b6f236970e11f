import { describe, expect, it } from "vitest";
import { toBody } from "./body.ts";
import { toMessages } from "./messages.ts";
import { apiUrl, rootUrl } from "./url.ts";

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

describe("toBody", () => {
  const options = { modelAlias: "my-model", maxTokens: 64, seed: 42 };

  it("asks for a stream that ends with its usage", () => {
    expect(toBody([], options)).toEqual({
      model: "my-model",
      messages: [],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 64,
      seed: 42,
    });
  });

  it("has temperature and stop words where they are given, 0 included", () => {
    expect(toBody([], { ...options, temperature: 0, stop: ["END"] })).toMatchObject({
      temperature: 0,
      stop: ["END"],
    });
  });
});

describe("a server's addresses", () => {
  it.each([
    ["http://localhost:8080/v1", "http://localhost:8080"],
    ["http://localhost:8080/v1/", "http://localhost:8080"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://localhost:8080/", "http://localhost:8080"],
    ["https://host/llm/v1", "https://host/llm"],
    ["https://host/v10", "https://host/v10"],
  ])("%s has the root %s", (url, root) => {
    expect(rootUrl(url)).toBe(root);
    expect(apiUrl(url, "/chat/completions")).toBe(`${root}/v1/chat/completions`);
  });
});
