// What makes the bodies of one API.

import type { Message } from "../../prompts/message.ts";
import type { AnswerLength, BodyOptions } from "../body.ts";

type Fields = Record<string, unknown>;

/** Of an API that takes messages, or of one that takes a text. */
export interface ApiBody<Input extends readonly Message[] | string> {
  /** What all bodies of a run have. @throws OptionError for JSON that does not fit */
  toFields(options: BodyOptions): Fields;
  /** The whole body. @param fields what `toFields` gives */
  toBody(fields: Readonly<Fields>, input: Input, length: AnswerLength): Fields;
}

/** Further fields of the user's, those inside `key` beside ours of the same place. */
export function withExtra(fields: Fields, extra: Fields, key: string): Fields {
  const [ours, theirs] = [fields[key], extra[key]];
  return { ...fields, ...extra, ...(ours && theirs ? { [key]: { ...ours, ...theirs } } : {}) };
}
