// The bodies of the APIs besides the two OpenAI completions, by the names of apis.ts.

import type { Message } from "../../prompts/message.ts";
import type { Row, Turn } from "../../prompts/row.ts";
import type { APIS, Endpoint } from "../apis.ts";
import type { BodyOptions } from "../body.ts";
import { type LengthOptions, lengthOf, toBodyFields } from "../body.ts";
import type { ApiBody } from "./api-body.ts";
import { amsv2Body, generateStreamBody } from "./generate-stream.ts";
import { llamaCompletionBody } from "./llama-completion.ts";
import { messagesBody } from "./messages.ts";
import { ollamaChatBody } from "./ollama-chat.ts";
import { pplBody } from "./ppl.ts";
import { responsesBody } from "./responses.ts";
import { toRowFields } from "./row-fields.ts";
import { vllmGenerateBody } from "./vllm-generate.ts";

/** Those whose bodies body.ts makes. */
export type CompletionsEndpoint = "chat" | "completions";
export type OtherEndpoint = Exclude<Endpoint, CompletionsEndpoint>;

type InputOf<E extends Endpoint> = (typeof APIS)[E]["input"] extends "text" ? string : readonly Message[];

const BODIES: { [E in OtherEndpoint]: ApiBody<InputOf<E>> } = {
  responses: responsesBody,
  messages: messagesBody,
  completion: llamaCompletionBody,
  generate: vllmGenerateBody,
  "generate-stream": generateStreamBody,
  ollama: ollamaChatBody,
  amsv2: amsv2Body,
  ppl: pplBody,
};

export function isOther(endpoint: Endpoint): endpoint is OtherEndpoint {
  return endpoint !== "chat" && endpoint !== "completions";
}

/** What all bodies of a run have, for any API. @throws OptionError for JSON that does not fit */
export function toApiFields(options: BodyOptions & { endpoint: Endpoint }): Record<string, unknown> {
  const { endpoint } = options;
  return isOther(endpoint) ? BODIES[endpoint].toFields(options) : toBodyFields(options);
}

/** Like `toBody` of body.ts, for one of the other APIs. */
export function toApiBody(
  endpoint: OtherEndpoint,
  fields: Readonly<Record<string, unknown>>,
  input: readonly Message[] | string,
  options: LengthOptions,
  row: Row,
  turn: Turn = row,
): Record<string, unknown> {
  const { toBody } = BODIES[endpoint] as ApiBody<readonly Message[] | string>;
  return { ...toBody(fields, input, lengthOf(turn, row, options)), ...toRowFields(endpoint, row.body) };
}
