// What makes the bodies of one API. Each API's own is bundled apart: a client of k6 loads only that of its run.
import type { Message } from "../prompts/message.ts";
import type { Row, Turn } from "../prompts/row.ts";
import { type AnswerLength, type BodyOptions, given, type LengthOptions, lengthOf } from "./body.ts";

type Fields = Record<string, unknown>;

export interface ApiBody {
  /** What all bodies of a run have in common. @throws OptionError for JSON that does not fit */
  toFields(options: BodyOptions): Fields;
  /** The whole body, like `toBody` of body.ts. @param fields what `toFields` gives */
  toBody(
    fields: Readonly<Fields>,
    input: readonly Message[] | string,
    options: LengthOptions,
    row: Row,
    turn?: Turn,
  ): Fields;
}

/** The pieces that differ from API to API. */
interface BodyPieces<Input extends readonly Message[] | string> {
  toFields: ApiBody["toFields"];
  /** The body without a row's own fields. @param input messages or a text, as the API's row says */
  toBody(fields: Readonly<Fields>, input: Input, length: AnswerLength): Fields;
  /** A row's own fields, which are those of a chat completion; absent where the API has no place for them. */
  toRowFields?(body: Fields): Fields;
}

export function defineBody<Input extends readonly Message[] | string>({
  toFields,
  toBody,
  toRowFields,
}: BodyPieces<Input>): ApiBody {
  return {
    toFields,
    toBody(fields, input, options, row, turn = row) {
      const own = row.body && toRowFields ? given(toRowFields(row.body)) : {};
      return { ...toBody(fields, input as Input, lengthOf(turn, row, options)), ...own };
    },
  };
}

/** Further fields of the user, with those inside `key` added to ours of the same key. */
export function withExtra(fields: Fields, extra: Fields, key: string): Fields {
  const [ours, theirs] = [fields[key], extra[key]];
  return { ...fields, ...extra, ...(ours && theirs ? { [key]: { ...ours, ...theirs } } : {}) };
}
