// The body of `/generate_stream` and `/generate` of Text Generation Inference and lightllm; AMS v2 has a part of it.

import { defineBody, withExtra } from "../api-body.ts";
import { type BodyOptions, parseExtra, toSampling } from "../body.ts";

type Fields = Record<string, unknown>;

/** These servers decode greedily unless a request asks for sampling. */
export function toSampled(options: BodyOptions): Fields {
  const { stop, ...sampling } = toSampling(options);
  const { temperature, topP, topK } = options;
  const samples = temperature === 0 ? false : (temperature ?? topP ?? topK) !== undefined;
  if (temperature === 0) delete sampling.temperature; // TGI refuses 0
  return { do_sample: samples, ...sampling };
}

export const withParameters = (fields: Readonly<Fields>, inputs: string, more: Fields): Fields => ({
  ...fields,
  inputs,
  parameters: { ...(fields.parameters as Fields), ...more },
});

export const body = defineBody<string>({
  toFields(options) {
    const { stop, seed } = options;
    const parameters = {
      ...toSampled(options),
      // TGI's name and lightllm's.
      ...(stop && { stop, stop_sequences: stop }),
      seed,
      // Without it TGI does not count tokens.
      details: true,
    };
    return withExtra({ parameters }, parseExtra(options.extraBody), "parameters");
  },
  // Only lightllm can be asked for an exact length.
  toBody: (fields, inputs, { tokens, isExact }) =>
    withParameters(fields, inputs, {
      max_new_tokens: tokens,
      ...(isExact && { min_new_tokens: tokens, ignore_eos: true }),
    }),
});
