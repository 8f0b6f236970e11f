import { describe, expect, it } from "vitest";
import { type Asked, bodyOf } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("completion", body, asked);

it("is a streamed request", () => {
  expect(toBody()).toEqual({
    model: "my-model",
    stream: true,
    seed: 42,
    prompt: "Hello there",
    n_predict: 64,
  });
});

describe("options by the names of the API", () => {
  const rows: [string, Asked, object][] = [
    [
      "sampling",
      { options: { temperature: 0.5, topP: 0.9, topK: 40, stop: ["END"] } },
      { temperature: 0.5, top_p: 0.9, stop: ["END"] },
    ],
    ["no cache", { options: { cachePrompt: "off" } }, { cache_prompt: false }],
    [
      "an exact length",
      { row: { outputTokens: 9 }, length: { outputLength: "exact" } },
      { n_predict: 9, ignore_eos: true },
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
