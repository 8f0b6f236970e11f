// Whether a request met its service level objectives; nothing else decides that.
import type { Facts } from "../request/facts.ts";
import type { DerivedMetrics, RequestMetrics } from "../request/request-metrics.ts";
import type { Slo } from "./slo.ts";

/** `unjudged`: it has no value, or it was stopped before it could miss its limit. */
export type SloOutcome = "met" | "missed" | "unjudged";

/**
 * One objective of one request. TTFT, TTFO and E2E count from the time at which the request was due, if it had one:
 * a user who waits for a free client waits, too. A TPOT needs two tokens and usage; an answer without any token misses its TTFT.
 * A failed request misses every objective.
 *
 * A request that was stopped, by us or by the end of the run, has missed every limit that had passed by then.
 */
export function judgeSlo(
  { metric, limitMs }: Slo,
  facts: Facts,
  { verdict, tpotMs }: Pick<DerivedMetrics | RequestMetrics, "verdict" | "tpotMs">,
): SloOutcome {
  const isStopped = verdict === "aborted" || verdict === "interrupted";
  if (verdict !== "complete" && !isStopped) return "missed";
  if (metric === "tpot") return tpotMs === undefined || isStopped ? "unjudged" : toOutcome(tpotMs, limitMs);
  const fromMs = facts.scheduledMs ?? facts.sentMs ?? facts.startMs;
  const ended = {
    ttft: facts.firstTokenMs,
    ttfo: facts.firstContentMs,
    e2e: isStopped ? undefined : facts.endMs,
  };
  const atMs = ended[metric];
  if (atMs !== undefined) return toOutcome(atMs - fromMs, limitMs);
  if (!isStopped) return "missed";
  return facts.endMs - fromMs > limitMs ? "missed" : "unjudged";
}

function toOutcome(ms: number, limitMs: number): SloOutcome {
  return ms <= limitMs ? "met" : "missed";
}

/**
 * Complete, and no objective missed; undefined for a request that was stopped before it missed one.
 * @param outcomes of every objective, in any order
 */
export function isGood(
  verdict: RequestMetrics["verdict"],
  outcomes: readonly SloOutcome[],
): boolean | undefined {
  if (outcomes.includes("missed")) return false;
  if (verdict === "complete") return true;
  return verdict === "aborted" || verdict === "interrupted" ? undefined : false;
}

/** The same, from the facts of a request. */
export function meetsSlos(
  slos: readonly Slo[],
  facts: Facts,
  metrics: DerivedMetrics | RequestMetrics,
): boolean | undefined {
  return isGood(
    metrics.verdict,
    slos.map((slo) => judgeSlo(slo, facts, metrics)),
  );
}
