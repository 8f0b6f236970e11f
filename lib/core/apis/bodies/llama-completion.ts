// The body of llama.cpp's `/completion`: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md.
import { given, parseExtra, toSampling } from "../body.ts";
import type { ApiBody } from "./api-body.ts";

export const llamaCompletionBody: ApiBody<string> = {
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
};
