// The body of a chat completion request.
import type { Message } from "./messages.ts";
import type { LoadOptions } from "./options.ts";

export type BodyOptions = Pick<LoadOptions, "modelAlias" | "maxTokens" | "seed" | "temperature" | "stop">;

/** A streamed completion that ends with its `usage`; temperature and stop words only where they are given. */
export function toBody(messages: readonly Message[], options: BodyOptions): Record<string, unknown> {
  const { temperature, stop } = options;
  return {
    model: options.modelAlias,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: options.maxTokens,
    seed: options.seed,
    ...(temperature !== undefined && { temperature }),
    ...(stop !== undefined && { stop }),
  };
}
