import { expect, it } from "vitest";
import { type Asked, bodyOf } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("amsv2", body, asked);

it("is a greedy request", () => {
  expect(toBody()).toEqual({
    inputs: "Hello there",
    parameters: { do_sample: false, max_new_tokens: 64 },
  });
});

it("has sampling", () => {
  const asked: Asked = { options: { temperature: 0.8 } };
  expect(toBody(asked)).toMatchObject({ parameters: { do_sample: true, temperature: 0.8 } });
});

it("leaves what the scenario makes to the scenario", () => {
  const options = { extraBody: '{"inputs":"x"}' };
  expect(() => toBody({ options })).toThrow("`inputs` is made by the scenario");
});

it("leaves out the fields of a row that the API would refuse", () => {
  const row = { body: { response_format: { type: "json_object" }, parallel_tool_calls: true } };
  expect(toBody({ row })).toEqual(toBody());
});
