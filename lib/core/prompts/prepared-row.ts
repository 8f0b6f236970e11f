// A row of the prepared form from one value of a file: each field that a row may have, and what it must be.
import { notedAnswerTokens } from "./answer-length.ts";
import { DatasetError } from "./dataset-error.ts";
import type { Row, Turn } from "./row.ts";

/** The value in the file: a text as the prompt, and any other fields. */
export interface PromptFields {
  readonly prompt: string;
  readonly [field: string]: unknown;
}

type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (holds: (element: Record<string, unknown>) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every((element) => isObject(element) && holds(element));

const TEXT: Check = ["a text", (value) => typeof value === "string"];
const NUMBER: Check = ["a number, 0 or above", (value) => typeof value === "number" && value >= 0];
const COUNT: Check = ["a whole number above 0", (value) => Number.isInteger(value) && Number(value) > 0];
const OBJECT: Check = ["an object", isObject];
const PARTS: Check = [
  "a list of parts, each with a text `type`",
  isListOf(({ type }) => typeof type === "string"),
];
const MESSAGES: Check = [
  "a list of messages, each with a text `role`",
  isListOf(({ role }) => typeof role === "string"),
];
const TURNS: Check = [
  "a list of turns, each with a text `prompt`",
  isListOf(({ prompt }) => typeof prompt === "string"),
];

const TURN_FIELDS = {
  answer: TEXT,
  promptTokens: NUMBER,
  outputTokens: COUNT,
  synthetic: OBJECT,
} as const satisfies { [K in Exclude<keyof Turn, "prompt" | "answerTokens">]: Check };

const PLAIN: Check = ["`plain`", (value) => value === "plain"];

const ROW_FIELDS = {
  ...TURN_FIELDS,
  system: TEXT,
  before: MESSAGES,
  content: PARTS,
  turns: TURNS,
  maxTokens: COUNT,
  body: OBJECT,
  style: PLAIN,
} as const satisfies { [K in Exclude<keyof Row, "id" | "task" | "prompt" | "answerTokens">]: Check };

/** The limit of an answer in a request of OpenAI's APIs, for rows without the project's own name of it. */
const LIMIT_NAMES = ["max_completion_tokens", "max_tokens"] as const;

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** @returns the value @throws DatasetError if it is of the wrong type */
function check(name: string, value: unknown, [expected, holds]: Check, place: string): unknown {
  if (holds(value)) return value;
  throw new DatasetError(`${place}: expected \`${name}\` to be ${expected}, got ${shorten(value)}`);
}

/** @throws DatasetError for a value of the wrong type; `null` counts as absent */
function toFields(values: PromptFields, checks: Readonly<Record<string, Check>>, place: string) {
  const fields: Record<string, unknown> = { prompt: values.prompt };
  for (const [name, test] of Object.entries(checks)) {
    const value = values[name] ?? undefined;
    if (value === undefined) continue;
    fields[name] = check(name, value, test, place);
  }
  const answerTokens = notedAnswerTokens(values, place);
  if (answerTokens !== undefined) fields.answerTokens = answerTokens;
  return fields;
}

/**
 * The row unchanged; a row without a text as its id is named by its place, and unknown fields are left out.
 * @param number its place in the file, from 1
 * @throws DatasetError when a field is of the wrong type: names row and field
 */
export function toPreparedRow(values: PromptFields, number: number): Row {
  const { id, task } = values;
  const place = `row ${number}`;
  const fields = toFields(values, ROW_FIELDS, place);
  const limit = LIMIT_NAMES.find((name) => (values[name] ?? undefined) !== undefined);
  if (fields.maxTokens === undefined && limit !== undefined) {
    fields.maxTokens = check(limit, values[limit], COUNT, place);
  }
  const turns = fields.turns as PromptFields[] | undefined;
  return {
    id: typeof id === "string" ? id : `row-${number}`,
    ...(typeof task === "string" && { task }),
    ...(fields as unknown as Turn),
    ...(turns !== undefined && {
      turns: turns.map(
        (turn, index) => toFields(turn, TURN_FIELDS, `${place}, turn ${index + 2}`) as unknown as Turn,
      ),
    }),
  };
}
