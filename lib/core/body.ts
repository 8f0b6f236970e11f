// The body of a chat completion request.
import type { Message } from "./messages.ts";
import type { LoadOptions } from "./options.ts";

export type BodyOptions = Pick<LoadOptions, "modelAlias" | "maxTokens" | "seed" | "temperature" | "stop">;

/**
 * A streamed completion that ends with its `usage`; temperature and stop words only where they are given.
 * @param exactTokens the answer is to have exactly so many: `ignore_eos` (llama.cpp, vLLM, SGLang) and `min_tokens` (vLLM,
 *   SGLang) keep the model from ending it before
 */
export function toBody(
  messages: readonly Message[],
  options: BodyOptions,
  exactTokens?: number,
): Record<string, unknown> {
  const { temperature, stop } = options;
  return {
    model: options.modelAlias,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: exactTokens ?? options.maxTokens,
    ...(exactTokens !== undefined && { min_tokens: exactTokens, ignore_eos: true }),
    seed: options.seed,
    ...(temperature !== undefined && { temperature }),
    ...(stop !== undefined && { stop }),
  };
}
