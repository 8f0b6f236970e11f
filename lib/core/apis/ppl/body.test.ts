import { expect, it } from "vitest";
import { bodyOf } from "../../../../test/unit-support/body-of.ts";
import { body } from "./body.ts";

it("is a greedy batch of one", () => {
  expect(bodyOf("ppl", body)).toEqual({
    req: [
      {
        id: 0,
        prompt: "Hello there",
        choosing_parameters: { temperature: 1, top_k: 1, top_p: 0, do_sample: false, seed: 42 },
        stopping_parameters: { max_new_tokens: 64, ignore_eos_token: false },
      },
    ],
  });
});
