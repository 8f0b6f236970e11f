import { expect, it } from "vitest";
import { type Asked, bodyOf } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("generate", body, asked);

it("is a streamed request", () => {
  expect(toBody()).toEqual({ stream: true, seed: 42, prompt: "Hello there", max_tokens: 64 });
});

it("asks for an exact length", () => {
  const asked: Asked = { row: { outputTokens: 9 }, length: { outputLength: "exact" } };
  expect(toBody(asked)).toMatchObject({ max_tokens: 9, min_tokens: 9, ignore_eos: true });
});

it("leaves out the fields of a row that the API would refuse", () => {
  const row = { body: { response_format: { type: "json_object" }, parallel_tool_calls: true } };
  expect(toBody({ row })).toEqual(toBody());
});
