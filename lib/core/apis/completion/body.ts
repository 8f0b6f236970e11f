// The body of llama.cpp's `/completion`: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md.

import { defineBody } from "../api-body.ts";
import { given, parseExtra, toSampling } from "../body.ts";

export const body = defineBody<string>({
  toFields: (options) => ({
    model: options.modelAlias,
    stream: options.mode !== "sync",
    seed: options.seed,
    ...toSampling(options),
    ...given({ cache_prompt: options.cachePrompt && options.cachePrompt === "on" }),
    ...parseExtra(options.extraBody),
  }),
  toBody: (fields, prompt, { tokens, isExact }) => ({
    ...fields,
    prompt,
    n_predict: tokens,
    ...(isExact && { ignore_eos: true }),
  }),
});
