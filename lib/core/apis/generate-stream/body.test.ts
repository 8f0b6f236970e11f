import { expect, it } from "vitest";
import { type Asked, bodyOf } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

const toBody = (asked?: Asked) => bodyOf("generate-stream", body, asked);

it("is a greedy request", () => {
  expect(toBody()).toEqual({
    inputs: "Hello there",
    parameters: { do_sample: false, seed: 42, details: true, max_new_tokens: 64 },
  });
});

it("has sampling, and further parameters of the server's", () => {
  const sampling = { temperature: 0.5, topP: 0.9, topK: 40, stop: ["END"] };
  const options = { ...sampling, extraBody: '{"parameters":{"repetition_penalty":1.1},"x":1}' };
  expect(toBody({ options })).toMatchObject({
    x: 1,
    parameters: {
      do_sample: true,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      repetition_penalty: 1.1,
      stop: ["END"],
      stop_sequences: ["END"],
      max_new_tokens: 64,
    },
  });
});

it("asks Text Generation Inference for greedy decoding by leaving the temperature out", () => {
  const { parameters } = toBody({ options: { temperature: 0 } });
  expect(parameters).toMatchObject({ do_sample: false });
  expect(parameters).not.toHaveProperty("temperature");
});
