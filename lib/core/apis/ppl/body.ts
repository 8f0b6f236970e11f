// The request of ppl.llm.serving's `Generation`: a batch of one. The server decodes greedily unless a request asks for sampling.

import { defineBody, withExtra } from "../api-body.ts";
import { parseExtra, toSampling } from "../body.ts";

export const body = defineBody<string>({
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
});
