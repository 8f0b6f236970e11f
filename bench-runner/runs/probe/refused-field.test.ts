import { describe, expect, it } from "vitest";
import { findRemedy, toRemedyFlags } from "./refused-field.ts";

const CHAT = {
  model: "m",
  messages: [{ role: "user", content: "seed" }],
  stream: true,
  stream_options: { include_usage: true },
  seed: 42,
  max_tokens: 64,
  top_k: 5,
};

const flagFor = (text: string, status = 400, body: object = CHAT) =>
  findRemedy({ status, text }, body, "chat")?.flag;

describe("the flag for what a server refuses", () => {
  const rows: [string, string, string][] = [
    [
      "OpenAI's reasoning models",
      `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}`,
      "--max-tokens-field max_completion_tokens",
    ],
    [
      "a strict FastAPI server (Mistral's)",
      `{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":42}]}}`,
      "--omit seed",
    ],
    [
      "an older Azure deployment",
      `{"error":{"message":"Unrecognized request argument supplied: stream_options","type":"invalid_request_error"}}`,
      "--omit stream_options",
    ],
    [
      "a name that is an ordinary word",
      `{"error":"Unrecognized request argument supplied: seed"}`,
      "--omit seed",
    ],
    [
      "a gateway with quotes inside its text",
      `{"message":"property \\"top_k\\" is unsupported, did you mean \\"top_p\\"?"}`,
      "--omit top_k",
    ],
    [
      "a field inside another",
      `{"detail":"unknown field include_usage"}`,
      "--omit stream_options.include_usage",
    ],
    [
      "another name for a field",
      `{"error":"parameter 'seed' is not supported, use 'random_seed'"}`,
      "--rename-field seed=random_seed",
    ],
  ];
  it.each(rows)("%s", (_, text, flag) => {
    expect(flagFor(text)).toBe(flag);
    expect(flagFor(text, 422)).toBe(flag);
  });

  it("is by the API's own name of the length", () => {
    const body = { model: "m", prompt: "x", n_predict: 64 };
    const text = "n_predict is not supported, use max_tokens";
    expect(findRemedy({ status: 400, text }, body, "completion")?.flag).toBe("--max-tokens-field max_tokens");
  });
});

describe("there is none", () => {
  const rows: [string, string, number][] = [
    ["for another status", `{"error":"unknown field: seed"}`, 500],
    ["for another reason", `{"error":"max_tokens is too large: 64"}`, 400],
    [
      "for a model that is unknown",
      `{"error":"unknown model 'm', the parameter 'model' is unexpected"}`,
      400,
    ],
    ["for a word of a sentence", "The model is not supported: seed funding ran out, do not stop here", 400],
    ["for a field that was not sent", `{"error":"unknown field: logit_bias"}`, 400],
  ];
  it.each(rows)("%s", (_, text, status) => {
    expect(flagFor(text, status)).toBeUndefined();
  });

  it("without an answer or a body", () => {
    expect(findRemedy({ status: undefined, text: undefined }, CHAT, "chat")).toBeUndefined();
    expect(findRemedy({ status: 400, text: "unknown field: seed" }, "not JSON", "chat")).toBeUndefined();
  });
});

it("several become one line", () => {
  const remedies = [
    { option: "omit", value: "seed", flag: "--omit seed" },
    { option: "maxTokensField", value: "n", flag: "--max-tokens-field n" },
    { option: "omit", value: "top_k", flag: "--omit top_k" },
  ] as const;
  expect(toRemedyFlags(remedies)).toBe("--omit seed,top_k --max-tokens-field n");
});
