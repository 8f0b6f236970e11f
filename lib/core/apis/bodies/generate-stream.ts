// The bodies of `/generate_stream` and `/generate` of Text Generation Inference, lightllm and AMS v2.
import { type BodyOptions, parseExtra, toSampling } from "../body.ts";
import { type ApiBody, withExtra } from "./api-body.ts";

type Fields = Record<string, unknown>;

/** They are greedy unless told to sample. */
function toSampled(options: BodyOptions): Fields {
  const { stop, ...sampling } = toSampling(options);
  const { temperature, topP, topK } = options;
  const samples = temperature === 0 ? false : (temperature ?? topP ?? topK) !== undefined;
  if (temperature === 0) delete sampling.temperature; // TGI takes none that is not above 0
  return { do_sample: samples, ...sampling };
}

const withParameters = (fields: Readonly<Fields>, inputs: string, more: Fields): Fields => ({
  ...fields,
  inputs,
  parameters: { ...(fields.parameters as Fields), ...more },
});

export const generateStreamBody: ApiBody<string> = {
  toFields(options) {
    const { stop, seed } = options;
    const parameters = {
      ...toSampled(options),
      // TGI's name and lightllm's.
      ...(stop && { stop, stop_sequences: stop }),
      seed,
      // TGI counts tokens only for who asks.
      details: true,
    };
    return withExtra({ parameters }, parseExtra(options.extraBody), "parameters");
  },
  /** An exact length is lightllm's alone: TGI has nothing for it. */
  toBody: (fields, inputs, { tokens, isExact }) =>
    withParameters(fields, inputs, {
      max_new_tokens: tokens,
      ...(isExact && { min_new_tokens: tokens, ignore_eos: true }),
    }),
};

export const amsv2Body: ApiBody<string> = {
  toFields: (options) =>
    withExtra({ parameters: toSampled(options) }, parseExtra(options.extraBody), "parameters"),
  toBody: (fields, inputs, { tokens }) => withParameters(fields, inputs, { max_new_tokens: tokens }),
};
