// The lengths of a run's prompts, for a layout that counts them with one tokenizer for every server. Pure.
import type { Statistics } from "../../statistics/statistics.ts";
import type { Summary } from "../../summary/summary.ts";

/**
 * Tokens of the prompts: by the run's own tokenizer, which is the same for every server; else by usage; else by the server's
 * `/tokenize`.
 */
export function toInputs({ prompts, metrics }: Summary): Statistics | undefined {
  const { inputTokens, promptTokens } = metrics;
  if (prompts?.countedBy === "tokenizer" && inputTokens !== undefined) return inputTokens;
  return promptTokens ?? (prompts?.countedBy === "server" ? inputTokens : undefined);
}

export function sumInputs(summary: Summary): number | undefined {
  const inputs = toInputs(summary);
  return inputs && Math.round(inputs.mean * inputs.count);
}

/** Output tokens and the prompts' per second of the window. */
export function toBothPerSecond(summary: Summary): number | undefined {
  const { throughput, window, metrics } = summary;
  const inputs = toInputs(summary);
  if (inputs !== undefined && inputs === metrics.promptTokens) return throughput?.totalTokensPerSecond;
  const total = sumInputs(summary);
  const output = throughput?.outputTokensPerSecond;
  if (total === undefined || output === undefined || window === undefined) return undefined;
  return output + total / window.seconds;
}
