// The request of ppl.llm.serving's `Generation`: a batch of one. It is greedy unless told to sample.
import { parseExtra, toSampling } from "../body.ts";
import { type ApiBody, withExtra } from "./api-body.ts";

export const pplBody: ApiBody<string> = {
  toFields(options) {
    const { temperature, topP, topK, seed } = options;
    const samples = (temperature ?? topP ?? topK) !== undefined;
    const choosing = { temperature: 1, top_k: 1, top_p: 0, do_sample: samples, seed, ...toSampling(options) };
    return withExtra({ choosing_parameters: choosing }, parseExtra(options.extraBody), "choosing_parameters");
  },
  toBody: (fields, prompt, { tokens, isExact }) => ({
    req: [
      {
        id: 0,
        prompt,
        ...fields,
        stopping_parameters: { max_new_tokens: tokens, ignore_eos_token: isExact },
      },
    ],
  }),
};
