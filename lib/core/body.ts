// The body of a completion request: what all requests of a run have in common, and what is its own.
import type { Message } from "./messages.ts";
import { type LoadOptions, OptionError } from "./options.ts";
import type { Row, Turn } from "./row.ts";

export type BodyOptions = Pick<LoadOptions, "modelAlias" | "seed"> &
  Partial<
    Pick<
      LoadOptions,
      | "mode"
      | "temperature"
      | "topP"
      | "topK"
      | "minP"
      | "presencePenalty"
      | "frequencyPenalty"
      | "stop"
      | "responseFormat"
      | "tools"
      | "extraBody"
      | "cachePrompt"
    >
  >;

/** What makes a body what it is: nobody's further fields may say otherwise. */
const RESERVED = ["messages", "prompt", "stream"];

function parseExtra(text: string | undefined): Record<string, unknown> {
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

function parseList(text: string): unknown[] {
  const list: unknown = JSON.parse(text);
  if (Array.isArray(list)) return list;
  throw new OptionError("`--tools` (SERVER_BENCH_TOOLS): expected a JSON list, got an object.");
}

/**
 * What every body of a run has: the model, a stream that ends with its `usage` (or a whole answer), and of the sampling
 * and other options those that are given.
 * @throws OptionError for JSON that is an object where a list is wanted, or the other way round
 */
export function toBodyFields(options: BodyOptions): Record<string, unknown> {
  const { cachePrompt, responseFormat, tools } = options;
  const given: Record<string, unknown> = {
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    min_p: options.minP,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    stop: options.stop,
    response_format: responseFormat && JSON.parse(responseFormat),
    tools: tools && parseList(tools),
    cache_prompt: cachePrompt && cachePrompt === "on",
  };
  const sync = options.mode === "sync";
  return {
    model: options.modelAlias,
    ...(sync ? { stream: false } : { stream: true, stream_options: { include_usage: true } }),
    seed: options.seed,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...parseExtra(options.extraBody),
  };
}

/** The longest answer of a run, and whether an answer whose length is given has exactly that. */
export type LengthOptions = Pick<LoadOptions, "maxTokens"> & Partial<Pick<LoadOptions, "outputLength">>;

/**
 * How long the answer may be. One with exactly so many tokens needs `ignore_eos` (llama.cpp, vLLM, SGLang) and
 * `min_tokens` (vLLM, SGLang), which keep the model from ending it before.
 */
function toLength(turn: Turn, row: Row, options: LengthOptions): Record<string, unknown> {
  const { outputTokens } = turn;
  if (outputTokens === undefined) return { max_tokens: row.maxTokens ?? options.maxTokens };
  if (options.outputLength === "limit") return { max_tokens: outputTokens };
  return { max_tokens: outputTokens, min_tokens: outputTokens, ignore_eos: true };
}

/**
 * @param fields what `toBodyFields` gives
 * @param input messages for `/chat/completions`, a text for `/completions`
 * @param row whose own fields, such as its tools, stand before the run's
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
    ...toLength(turn, row, options),
    ...row.body,
  };
}
