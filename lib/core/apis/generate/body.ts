// The body of vLLM's legacy `/generate`: the prompt, and what its `SamplingParams` take.

import { defineBody } from "../api-body.ts";
import { parseExtra, toSampling } from "../body.ts";

export const body = defineBody<string>({
  toFields: (options) => ({
    stream: true,
    seed: options.seed,
    ...toSampling(options),
    ...parseExtra(options.extraBody),
  }),
  toBody: (fields, prompt, { tokens, isExact }) => ({
    ...fields,
    prompt,
    max_tokens: tokens,
    ...(isExact && { min_tokens: tokens, ignore_eos: true }),
  }),
});
