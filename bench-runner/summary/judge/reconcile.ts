// Checks that the server agrees with what the clients counted: the growth of its counters against the sums of usage.
import {
  type ServerValues,
  toServerValues,
  withLateCounters,
} from "../../servers/metrics/server-metric-names.ts";
import {
  namesOf,
  recogniseServer,
  type ServerMeaning,
  type Vocabulary,
} from "../../servers/metrics/server-vocabulary.ts";
import type { Comparison, Reconciliation } from "../summary.ts";

/** Totals over all requests of the run, of every phase and verdict. */
export interface ClientTotals {
  /** Sums of usage. */
  promptTokens: number;
  completionTokens: number;
  /** Requests without usage: their cost on the server is not known exactly. */
  unsettled: number;
  /** The most they can have cost: their prompt tokens (at most one per byte of the request) and their answers' tokens. */
  unsettledPromptTokens: number;
  unsettledCompletionTokens: number;
}

/** Why nothing can be compared when the server's counters were reset. */
export const RESTARTED = "the server's counters went back: it was restarted during the load";

export type Counters = ReadonlyMap<string, number>;

/**
 * llama-server: Σ usage.prompt_tokens = Δ prompt_tokens_total + Δ prompt_tokens_cached_total, and
 * Σ usage.completion_tokens = Δ tokens_predicted_total, exactly, when every request has usage and no other client uses
 * the server; requests that were cut off or aborted may put the server ahead, never behind.
 *
 * vLLM: Σ usage.prompt_tokens = Δ prompt_tokens_total, which includes cached ones and counts a prompt once for each of its answers
 * (`n`); Σ usage.completion_tokens = Δ generation_tokens_total. It agreed to the token on vLLM 0.32 (`npm run realservers`), tokens behind
 * a stop string included.
 *
 * SGLang: the same two counters, to the token on SGLang 0.5 (`npm run realservers`). Of a prompt with several answers it counts one more than
 * they are: it computes the prompt alone first.
 *
 * @param choices answers to each prompt that were asked for (`n`)
 */
export function reconcile(
  countersBefore: Counters | undefined,
  countersAfter: Counters | undefined,
  client: ClientTotals,
  choices: number = 1,
): Reconciliation {
  if (!countersBefore || !countersAfter) {
    return unavailable("the server's /metrics could not be read before and after the load");
  }
  const server = recogniseServer(countersAfter.keys());
  if (server === undefined) {
    return unavailable("the server's /metrics has no name of llama-server, vLLM or SGLang");
  }
  const scrapes = [toServerValues(countersBefore), toServerValues(countersAfter)];
  const [before = {}, after = {}] = withLateCounters(scrapes, server.kind);
  const prompt = toPromptMeanings(server);
  const compared: ServerMeaning[] = [...prompt, "generatedTokens"];
  const missing = compared.find((meaning) => before[meaning] === undefined || after[meaning] === undefined);
  if (missing !== undefined) {
    return unavailable(`the server's /metrics has no ${namesOf(missing, server.kind)}`);
  }
  if (compared.some((meaning) => grown(before, after, meaning) < 0)) {
    return unavailable(RESTARTED);
  }
  const times = server.timesOfPrompt?.(choices) ?? 1;
  const promptTokens = compare(
    client.promptTokens * times,
    prompt.reduce((sum, meaning) => sum + grown(before, after, meaning), 0),
    client.unsettledPromptTokens * times,
  );
  const completionTokens = compare(
    client.completionTokens,
    grown(before, after, "generatedTokens"),
    client.unsettledCompletionTokens,
  );
  return { verdict: judge([promptTokens, completionTokens]), promptTokens, completionTokens };
}

function toPromptMeanings({ names }: Vocabulary): ServerMeaning[] {
  return names.allPromptTokens === undefined ? ["promptTokens", "cachedPromptTokens"] : ["allPromptTokens"];
}

/** 0 if the server does not have this counter. */
function grown(before: ServerValues, after: ServerValues, meaning: ServerMeaning): number {
  return (after[meaning] ?? 0) - (before[meaning] ?? 0);
}

function judge(all: readonly Comparison[]): "exact" | "within_bounds" | "off" {
  if (all.every(({ difference }) => difference === 0)) return "exact";
  const isBounded = all.every(({ difference, allowed }) => difference >= 0 && difference <= allowed);
  return isBounded ? "within_bounds" : "off";
}

function compare(client: number, server: number, allowed: number): Comparison {
  return { client, server, difference: server - client, allowed };
}

function unavailable(reason: string): Reconciliation {
  return { verdict: "unavailable", reason };
}
