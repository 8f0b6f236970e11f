// The body of AMS v2: as for Text Generation Inference, with fewer parameters.
import { defineBody, withExtra } from "../api-body.ts";
import { parseExtra } from "../body.ts";
import { toSampled, withParameters } from "../generate-stream/body.ts";

export const body = defineBody<string>({
  toFields: (options) =>
    withExtra({ parameters: toSampled(options) }, parseExtra(options.extraBody), "parameters"),
  toBody: (fields, inputs, { tokens }) => withParameters(fields, inputs, { max_new_tokens: tokens }),
});
