// The body of a completion request: the fields that all requests of a run share, and those of one request.
//
// These are the bodies of the two OpenAI completions; those of another API are in body.ts of its folder.

import { OptionError } from "../option-error.ts";
import type { Message } from "../prompts/message.ts";
import type { Row, Turn } from "../prompts/row.ts";

/** The options of a run that its bodies carry; `responseFormat`, `tools` and `extraBody` as JSON texts. */
export interface BodyOptions {
  modelAlias: string;
  seed: number;
  mode?: "stream" | "sync";
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  stop?: readonly string[];
  responseFormat?: string;
  tools?: string;
  extraBody?: string;
  maxTokensField?: string;
  renameField?: readonly string[];
  omit?: readonly string[];
  cachePrompt?: "on" | "off";
}

/** Fields that the scenario makes: `--extra-body` cannot replace them. */
const RESERVED = ["messages", "prompt", "input", "inputs", "stream"];

/** The extra fields of a run's bodies. @throws OptionError for a list, and for fields that the scenario makes */
export function parseExtra(text: string | undefined): Record<string, unknown> {
  const extra: unknown = text === undefined ? {} : JSON.parse(text);
  if (Array.isArray(extra)) {
    throw new OptionError("`--extra-body` (SERVER_BENCH_EXTRA_BODY): expected a JSON object, got a list.");
  }
  const reserved = RESERVED.find((key) => key in (extra as object));
  if (reserved === undefined) return extra as Record<string, unknown>;
  throw new OptionError(
    `\`--extra-body\` (SERVER_BENCH_EXTRA_BODY): \`${reserved}\` is made by the scenario, leave it out.`,
  );
}

/** The tools of a run's bodies. @throws OptionError for anything but a list */
export function parseTools(text: string): unknown[] {
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list)) return list;
  throw new OptionError("`--tools` (SERVER_BENCH_TOOLS): expected a JSON list, got an object.");
}

/** The record without the keys whose value is undefined. */
export function given(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** The sampling options that are given, by the names that most APIs have for them. */
export function toSampling(options: BodyOptions): Record<string, unknown> {
  return given({
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    min_p: options.minP,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    stop: options.stop,
  });
}

/**
 * The fields of every body of a run: the model, a stream that ends with its `usage` (or a whole answer), and the sampling
 * and other options that are given.
 * @throws OptionError for JSON that is an object where a list is wanted, or the other way round
 */
export function toBodyFields(options: BodyOptions): Record<string, unknown> {
  const { cachePrompt, responseFormat, tools } = options;
  const sync = options.mode === "sync";
  return {
    model: options.modelAlias,
    ...(sync ? { stream: false } : { stream: true, stream_options: { include_usage: true } }),
    seed: options.seed,
    ...toSampling(options),
    ...given({
      response_format: responseFormat && JSON.parse(responseFormat),
      tools: tools && parseTools(tools),
      cache_prompt: cachePrompt && cachePrompt === "on",
    }),
    ...parseExtra(options.extraBody),
  };
}

/** The longest answer of a run, and whether an answer whose length is given has exactly that. */
export interface LengthOptions {
  maxTokens: number;
  outputLength?: "exact" | "limit";
}

/** The length of an answer: a limit, or exact. */
export interface AnswerLength {
  tokens: number;
  isExact: boolean;
}

/** The length that is asked for in the answer to a turn of a row. */
export function lengthOf(turn: Turn, row: Row, options: LengthOptions): AnswerLength {
  const { outputTokens } = turn;
  if (outputTokens === undefined) return { tokens: row.maxTokens ?? options.maxTokens, isExact: false };
  return { tokens: outputTokens, isExact: options.outputLength !== "limit" };
}

/**
 * An exact number of tokens needs `ignore_eos` (llama.cpp, vLLM, SGLang) and `min_tokens` (vLLM, SGLang),
 * which keep the model from ending the answer earlier.
 */
function toLength({ tokens, isExact }: AnswerLength): Record<string, unknown> {
  return { max_tokens: tokens, ...(isExact && { min_tokens: tokens, ignore_eos: true }) };
}

/**
 * @param fields what `toBodyFields` gives
 * @param input messages for `/chat/completions`, a text for `/completions`
 * @param row its own fields, such as tools, replace those of the run
 * @param turn of the row that is sent; the row itself is its first
 */
export function toBody(
  fields: Readonly<Record<string, unknown>>,
  input: readonly Message[] | string,
  options: LengthOptions,
  row: Row,
  turn: Turn = row,
): Record<string, unknown> {
  return {
    ...fields,
    ...(typeof input === "string" ? { prompt: input } : { messages: input }),
    ...toLength(lengthOf(turn, row, options)),
    ...row.body,
  };
}
