// Does the server agree with what the clients counted? Its counters before and after the load against the sums of usage.
import { namesOf, toServerValues } from "./server-metric-names.ts";

/** What all requests of the run, of every phase and verdict, add up to. */
export interface ClientTotals {
  /** Sums of usage. */
  promptTokens: number;
  completionTokens: number;
  /** Requests without usage: what they cost the server is not known exactly. */
  unsettled: number;
  /** The most they can have cost: tokens of their prompts (at most one a byte of the request), and of their answers. */
  unsettledPromptTokens: number;
  unsettledCompletionTokens: number;
}

export interface Comparison {
  client: number;
  server: number;
  /** server − client. */
  difference: number;
  /** How far the server may be ahead because of requests without usage. */
  allowed: number;
}

export interface Reconciliation {
  verdict: "exact" | "within_bounds" | "off" | "unavailable";
  /** Why it is unavailable. */
  reason?: string;
  promptTokens?: Comparison;
  completionTokens?: Comparison;
}

export type Counters = ReadonlyMap<string, number>;

const COMPARED = ["promptTokens", "cachedPromptTokens", "generatedTokens"] as const;

/**
 * Σ usage.prompt_tokens = Δ prompt_tokens_total + Δ prompt_tokens_cached_total, and
 * Σ usage.completion_tokens = Δ tokens_predicted_total, exactly, when every request has usage and nobody else talks
 * to the server; requests that were cut or aborted may put the server ahead, never behind.
 */
export function reconcile(
  countersBefore: Counters | undefined,
  countersAfter: Counters | undefined,
  client: ClientTotals,
): Reconciliation {
  if (!countersBefore || !countersAfter) {
    return unavailable("the server's /metrics could not be read before and after the load");
  }
  const [before, after] = [toServerValues(countersBefore), toServerValues(countersAfter)];
  const missing = COMPARED.find((meaning) => before[meaning] === undefined || after[meaning] === undefined);
  if (missing !== undefined) return unavailable(`the server's /metrics has no ${namesOf(missing)}`);
  const grown = (meaning: (typeof COMPARED)[number]) =>
    (after[meaning] as number) - (before[meaning] as number);
  if (COMPARED.some((meaning) => grown(meaning) < 0)) {
    return unavailable("the server's counters went back: it was restarted during the load");
  }
  const promptTokens = compare(
    client.promptTokens,
    grown("promptTokens") + grown("cachedPromptTokens"),
    client.unsettledPromptTokens,
  );
  const completionTokens = compare(
    client.completionTokens,
    grown("generatedTokens"),
    client.unsettledCompletionTokens,
  );
  const all = [promptTokens, completionTokens];
  const verdict = all.every(({ difference }) => difference === 0)
    ? "exact"
    : all.every(({ difference, allowed }) => difference >= 0 && difference <= allowed)
      ? "within_bounds"
      : "off";
  return { verdict, promptTokens, completionTokens };
}

function compare(client: number, server: number, allowed: number): Comparison {
  return { client, server, difference: server - client, allowed };
}

function unavailable(reason: string): Reconciliation {
  return { verdict: "unavailable", reason };
}
