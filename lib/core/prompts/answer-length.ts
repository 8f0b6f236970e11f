// The length of a dataset's own answer, under the names that load testers give it.
import { DatasetError } from "./dataset-error.ts";

/** The project's own, vLLM's, GuideLLM's and AIPerf's; the first that a row has is taken. */
export const ANSWER_LENGTH_NAMES = [
  "answerTokens",
  "output_tokens",
  "output_tokens_count",
  "completion_tokens_count",
  "output_len",
  "output_length",
] as const;

/** The longest answer of a row: the project's own name of it, and those of OpenAI's APIs; the first that a row has is taken. */
export const ANSWER_LIMIT_NAMES = ["maxTokens", "max_completion_tokens", "max_tokens"] as const;

/** A number, or its text as in CSV; undefined where the field is absent, `null` or blank; NaN for anything else. */
function toLength(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value;
  if (typeof value !== "string") return Number.NaN;
  return value.trim() === "" ? undefined : Number(value);
}

/**
 * @param values of a row or of a turn; CSV has the names in lower case
 * @param place for the message, such as "row 3"
 * @returns tokens; undefined where the dataset notes none
 * @throws DatasetError for a length that is no number, or below 0
 */
export function notedAnswerTokens(
  values: Readonly<Record<string, unknown>>,
  place: string,
): number | undefined {
  for (const name of ANSWER_LENGTH_NAMES) {
    const given = values[name] ?? values[name.toLowerCase()];
    const tokens = toLength(given);
    if (tokens === undefined) continue;
    if (tokens >= 0 && Number.isFinite(tokens)) return tokens;
    throw new DatasetError(
      `${place}: expected \`${name}\` to be a number, 0 or above, got ${JSON.stringify(given).slice(0, 60)}`,
    );
  }
  return undefined;
}

/**
 * @param values of a row of a table, whose numbers may be texts; CSV has the names in lower case
 * @returns the most tokens of the row's answer; undefined where the dataset limits none
 * @throws DatasetError for a limit that is no whole number above 0
 */
export function notedMaxTokens(values: Readonly<Record<string, unknown>>, place: string): number | undefined {
  for (const name of ANSWER_LIMIT_NAMES) {
    const given = values[name] ?? values[name.toLowerCase()];
    const tokens = toLength(given);
    if (tokens === undefined) continue;
    if (Number.isInteger(tokens) && tokens > 0) return tokens;
    throw new DatasetError(
      `${place}: expected \`${name}\` to be a whole number above 0, got ${JSON.stringify(given).slice(0, 60)}`,
    );
  }
  return undefined;
}
