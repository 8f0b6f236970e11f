// What a reader of a summary must know before trusting it: one row per warning, with its remedy.
import { hasExactLengths } from "../../../lib/core/prompts/output-lengths.ts";
import { formatValue } from "../../../lib/core/units.ts";
import { CACHE_REMEDY, describeSpread, findCacheSpread, toCachedShare } from "../cached-share.ts";
import { findFigure } from "../figures.ts";
import type { Comparison, Summary, Warning } from "../summary.ts";
import { describeOthers, sayHarm, toClientSigns, toLatency } from "./client-limits.ts";
import { findStarvation, isMerged, STARVED_REMEDY, sayMerged } from "./starvation.ts";

/** A summary before its warnings. */
export type Findings = Omit<Summary, "warnings">;

interface WarningRow {
  code: string;
  /** The sentence; undefined if the warning does not apply. */
  of: (findings: Findings) => string | undefined;
  remedy: string;
}

const share = (part: number, whole: number) => `${part} of ${whole} (${formatValue(part / whole, "share")})`;
const complete = (f: Findings) => f.requests.byVerdict.complete ?? 0;
const flagged = (f: Findings, flag: keyof Findings["requests"]["byFlag"]) => f.requests.byFlag[flag] ?? 0;
const ratio = (value: number) => formatValue(value, "ratio");

export const WARNINGS: readonly WarningRow[] = [
  {
    code: "nothing_completed",
    of: (f) =>
      complete(f) === 0 ? `None of ${f.requests.measured} measured requests completed.` : undefined,
    remedy: "Check the errors above and the server's log; try a single request by hand first.",
  },
  {
    code: "partial_run",
    of: (f) =>
      f.run.partial ? `The run is partial: ${f.run.partialReason ?? "it was stopped"}.` : undefined,
    remedy: "Do not compare its rates or percentiles; run it again.",
  },
  {
    code: "lost_requests",
    of: ({ requests: { lost = 0, started, inFlight } }) => {
      const open = inFlight === undefined ? "" : `, ${inFlight} of which were open when it was last written`;
      return lost > 0
        ? `${share(lost, started)} requests that had started have no line in the journal${open}: no figure includes them.`
        : undefined;
    },
    remedy: "Look for what ended k6 (the kernel's out-of-memory killer, a full disk), and run it again.",
  },
  {
    code: "failed_requests",
    of: (f) => {
      const failed = findFigure("failed").of(f) ?? 0;
      return failed > 0 && complete(f) > 0
        ? `${share(failed, f.requests.measured)} requests failed; latencies do not include them.`
        : undefined;
    },
    remedy: "Read latencies together with the success rate, or lower the load until no request fails.",
  },
  {
    code: "interrupted_requests",
    of: (f) => {
      const count = f.requests.byVerdict.interrupted ?? 0;
      return count > 0
        ? `The end of the run interrupted ${count} requests, usually the longest ones; latencies do not include them.`
        : undefined;
    },
    remedy:
      "End the run after a number of requests (`--iterations`), with a `--duration` long enough for all of them.",
  },
  {
    code: "high_truncation",
    of: (f) => {
      const { truncated } = f.rates;
      const { values } = f.configuration;
      // The user asked for these lengths.
      if (hasExactLengths(values, values)) return undefined;
      return truncated !== undefined && truncated >= 0.5
        ? `${formatValue(truncated, "share")} of the answers were cut off by max_tokens: their lengths are the limit's, not the model's.`
        : undefined;
    },
    remedy: "Raise `--max-tokens`.",
  },
  {
    code: "tokens_per_event",
    of: (f) => {
      const { tokensPerEvent: tokens } = f.precision;
      const isShort = flagged(f, "unseen_tokens") > complete(f) / 2;
      return tokens !== undefined && Math.abs(tokens - 1) > 0.05 && !isShort
        ? `An event carries ${ratio(tokens)} tokens on average: ITL is a gap between events, not between tokens.`
        : undefined;
    },
    remedy:
      "Use TPOT, which counts the tokens that came after the first event, or look for speculative decoding and for tokens without text (end-of-turn, half characters).",
  },
  {
    code: "client_starved",
    of: (f) => {
      const signs = findStarvation(f);
      return signs.length > 0
        ? `The client was starved: it did not get the processor in time, so times of tokens are not known exactly: ${signs.join("; ")}.`
        : undefined;
    },
    remedy: STARVED_REMEDY,
  },
  {
    code: "packets_lost",
    of: ({ precision: { packets, packetMisses: misses = 0 } }) => {
      const { seen = 0, dropped = 0 } = packets ?? {};
      return dropped + misses > 0
        ? `The packet capture lost ${formatValue(dropped, "count")} of ${formatValue(seen + dropped, "count")} frames, and ${formatValue(misses, "count")} reads have the time of the read instead of their segment's.`
        : undefined;
    },
    remedy:
      "Use fewer clients, or leave a core to the client; those times are as exact as with kernel stamps.",
  },
  {
    code: "machine_busy",
    of: (f) => {
      const signs = toClientSigns(f);
      const others = signs.length > 0 ? describeOthers(f) : undefined;
      return others && `${others}, ${sayHarm(f)}: ${signs.join("; ")}.`;
    },
    remedy:
      "Give the client a machine of its own, or leave it a core: fewer threads for a server on the same machine, no other programs.",
  },
  {
    code: "client_bottleneck",
    of: (f) => {
      const signs = toClientSigns(f);
      return signs.length > 0 && describeOthers(f) === undefined
        ? `The client was the bottleneck, ${sayHarm(f)}: ${signs.join("; ")}.`
        : undefined;
    },
    remedy:
      "Use a larger machine for the client, or one separate from the server's; or use fewer `--vus` (in an open loop, a lower rate). `calibrate` shows the limits of this machine.",
  },
  {
    code: "merged_tokens",
    of: (f) =>
      isMerged(f) && toClientSigns(f).length === 0 && findStarvation(f).length === 0
        ? `${sayMerged(f)}, although the client kept up: their times are late.`
        : undefined,
    remedy: "Look for a server or proxy that buffers and sends several events at once.",
  },
  {
    code: "user_stamps",
    of: (f) =>
      f.precision.stamps.user > 0
        ? `${share(f.precision.stamps.user, f.requests.measured)} requests have no kernel receive stamps: their times include the client's own delay.`
        : undefined,
    remedy: "Run the client on Linux with the project's own k6 binary.",
  },
  {
    code: "through_proxy",
    of: ({ configuration: { proxy } }) =>
      proxy === undefined ? undefined : `Requests went through the proxy ${proxy}: all times include it.`,
    remedy: "Name the server's host in `no_proxy` to measure the server alone.",
  },
  {
    code: "few_requests",
    of: (f) => {
      const { count = 0, certified } = toLatency(f) ?? {};
      const missing = count < 64 ? "p90, p95 and p99" : certified?.p99 ? "" : "p99";
      return count > 0 && missing
        ? `${count} requests are too few to certify ${missing}: the true percentiles may be higher.`
        : undefined;
    },
    remedy: "64 complete requests certify p90, 662 certify p99.",
  },
  {
    code: "failed_conversations",
    of: ({ conversations: c }) =>
      c && c.failed > 0
        ? `${share(c.failed, c.started)} conversations failed, and ${c.turnsUnsent} of their turns were never sent: statistics of later turns cover only the conversations that succeeded.`
        : undefined,
    remedy: "Check the errors above; lower the load until no conversation fails, then compare turns.",
  },
  {
    code: "cached_prompts",
    of: (f) => {
      const cached = cachedOfFirst(f);
      return cached > 0.5 && !f.prompts?.repeated
        ? `${formatValue(cached, "share")} of the prompt tokens${f.groups?.turn ? " of first turns" : ""} came from the server's cache: TTFT is that of prompts with a shared prefix or already sent.`
        : undefined;
    },
    remedy:
      "Use as many prompts as requests (`--n-prompts`), without a shared prefix, or turn off the server's prompt cache (`--cache-prompt off`).",
  },
  {
    code: "repeated_prompts",
    of: (f) => {
      const cached = cachedOfFirst(f);
      return cached > 0.2 && f.prompts?.repeated
        ? `The same prompts were sent again, and ${formatValue(cached, "share")} of the prompt tokens${f.groups?.turn ? " of first turns" : ""} came from the server's cache: TTFT is that of repeated prompts.`
        : undefined;
    },
    remedy:
      "Use as many prompts as requests (`--n-prompts`), end the run when they run out (`--when-out end`), or turn off the server's prompt cache (`--cache-prompt off`).",
  },
  {
    code: "uneven_cache",
    of: ({ groups }) => {
      const sides = groups?.server ?? [];
      const spread = findCacheSpread(sides.map(({ tokens }) => toCachedShare({ tokens })));
      return spread && describeSpread(spread, (index) => `server ${sides[index]?.name}`);
    },
    remedy: CACHE_REMEDY,
  },
  {
    code: "connections_not_reused",
    of: (f) => {
      const { opened } = f.connections;
      // Each client has one to each of two servers.
      const kept = f.configuration.vus * (f.ab === undefined ? 1 : 2);
      return opened > kept + f.errors.reduce((sum, { count }) => sum + count, 0)
        ? `${opened} connections were opened for ${f.configuration.vus} clients: the server or a proxy closes them.`
        : undefined;
    },
    remedy: 'Enable keep-alive on the server, or use "TTFT with connect".',
  },
  {
    code: "no_usage",
    of: (f) =>
      flagged(f, "no_usage") > 0
        ? `${share(flagged(f, "no_usage"), complete(f))} answers have no usage: ${f.tokens.estimatedRequests > 0 ? "their completion tokens are the number of token events, and so TPOT and output tokens/s are estimated" : "their token counts, and output tokens/s, are unknown"}.`
        : undefined,
    remedy: "Use a server that honours `stream_options.include_usage`.",
  },
  {
    code: "malformed_events",
    of: (f) =>
      flagged(f, "malformed_events") > 0
        ? `${share(flagged(f, "malformed_events"), f.requests.measured)} answers had events that are not valid JSON; their tokens are not counted.`
        : undefined,
    remedy: "Inspect the raw stream (`--http-debug=full`).",
  },
  {
    code: "no_end_marker",
    of: (f) =>
      flagged(f, "no_end_marker") > 0
        ? `${share(flagged(f, "no_end_marker"), complete(f))} answers ended without the end marker, after their finish reason.`
        : undefined,
    remedy: "Look for a proxy that closes streams early.",
  },
  {
    code: "no_finish_reason",
    of: (f) =>
      flagged(f, "no_finish_reason") > 0
        ? `${share(flagged(f, "no_finish_reason"), complete(f))} answers ended with their end marker but without a finish reason: whether they were cut off is not known.`
        : undefined,
    remedy: "Look for a proxy that drops the last event; docs/apis.md says how each API ends an answer.",
  },
  {
    code: "open_choices",
    of: (f) =>
      flagged(f, "open_choices") > 0
        ? `${share(flagged(f, "open_choices"), f.requests.measured)} answers count as cut although their end marker came: one of their choices (\`n\`) has a finish reason, another has none.`
        : undefined,
    remedy:
      "LiteLLM passes on one finish reason for all choices of a stream: measure the server behind it, or send `n` = 1.",
  },
  {
    code: "bad_usage",
    of: (f) =>
      flagged(f, "bad_usage") > 0
        ? `${share(flagged(f, "bad_usage"), f.requests.measured)} answers have a usage that cannot be true (${f.oddities?.badUsage}): wrong counts are not used, and without completion tokens TPOT and output tokens/s are estimated by events.`
        : undefined,
    remedy: "`badUsage` in records.jsonl has what the server said in each answer.",
  },
  {
    code: "unseen_tokens",
    of: (f) =>
      flagged(f, "unseen_tokens") > 0
        ? `${share(flagged(f, "unseen_tokens"), complete(f))} answers have far more tokens by usage than were seen: ${sayUnread(f)}. They have no TPOT, and TTFT is that of the first token seen.`
        : undefined,
    remedy: "Report the keys, or the server's answer (`probe --json`): a dialect can read them.",
  },
  {
    code: "hidden_tokens",
    of: (f) =>
      flagged(f, "hidden_tokens") > 0
        ? `${share(flagged(f, "hidden_tokens"), f.requests.measured)} answers have reasoning that the server counts and does not stream, ${formatValue(f.oddities?.hiddenTokensShare, "share")} of all completion tokens: TPOT and tokens/s per user leave it out, output tokens/s counts it (for answers that streamed nothing, at their end).`
        : undefined,
    remedy: "Read TTFT as the time until the reasoning is over; compare servers by E2E.",
  },
  {
    code: "no_tokens",
    of: (f) =>
      flagged(f, "no_tokens") > 0
        ? `${share(flagged(f, "no_tokens"), complete(f))} answers ended without a token that was sent: they have no TTFT.`
        : undefined,
    remedy: "Check the model's chat template and the stop sequences.",
  },
  {
    code: "schedule_missed",
    of: (f) =>
      f.arrivals && f.arrivals.dropped > 0
        ? `${share(f.arrivals.dropped, f.arrivals.offered)} arrivals were never sent: no client was free.`
        : undefined,
    remedy: "Raise the concurrency cap (`--max-concurrency`) or lower the rate.",
  },
  {
    code: "rate_missed",
    of: (f) => {
      const rates = toSentRates(f);
      return rates && rates.achieved < rates.offered ? `${sayRates(rates)}.` : undefined;
    },
    remedy:
      "If the concurrency cap held requests back, raise it (`--max-concurrency`); if the client was late, check its limits (`calibrate`).",
  },
  {
    code: "rate_exceeded",
    of: (f) => {
      const rates = toSentRates(f);
      // No request leaves before it is due: so many in a shorter time began late.
      return rates && rates.achieved > rates.offered
        ? `${sayRates(rates)}: the first requests left late, so the others followed closer.`
        : undefined;
    },
    remedy:
      "Leave the first requests out (`--warmup-time`, `--warmup-requests`) or open the connections before (`--warm-connections`); `calibrate` shows how late this client is.",
  },
  {
    code: "saturated",
    of: ({ saturation: s }) =>
      s?.saturated
        ? `The server did not keep up with the rate: ${s.reason}. Latencies depend on the length of the run.`
        : undefined,
    remedy: "Lower the rate; `sweep` finds the highest rate the server can sustain.",
  },
  {
    code: "held_back",
    of: (f) =>
      f.arrivals && f.arrivals.heldBack > 0
        ? `${share(f.arrivals.heldBack, f.arrivals.sent)} requests were sent late, ${formatValue(f.arrivals.heldBackMeanMs, "ms")} on average: the concurrency cap was reached (\`--max-concurrency\`).`
        : undefined,
    remedy: "Use the scheduled TTFT, which includes the wait, or raise the cap.",
  },
  {
    code: "server_disagrees",
    of: (f) => {
      if (f.reconciliation.verdict !== "off") return undefined;
      const { promptTokens, completionTokens } = f.reconciliation;
      return `The server's token counts differ: ${[sayDifference("prompt", promptTokens), sayDifference("completion", completionTokens)].filter(Boolean).join(", ")}.`;
    },
    remedy: "Make sure no other client uses the server during the run.",
  },
  {
    code: "k6_disagrees",
    of: (f) => {
      const [first] = f.crossCheck.differences;
      return f.crossCheck.verdict === "off" && first
        ? `k6's summary and the journal differ in ${f.crossCheck.differences.length} figures, first in ${first.metric} ${first.statistic}: ${first.k6} and ${first.journal}.`
        : undefined;
    },
    remedy: "This is a bug in server-bench: keep the run folder and file an issue.",
  },
];

/** The rates that were due and sent, where they differ by more than 1 % although every arrival was sent. */
function toSentRates({ arrivals }: Findings): { offered: number; achieved: number } | undefined {
  const { offeredPerSecond: offered, achievedPerSecond: achieved, dropped = 0 } = arrivals ?? {};
  const isKnown = offered !== undefined && achieved !== undefined && dropped === 0;
  return isKnown && Math.abs(achieved / offered - 1) > 0.01 ? { offered, achieved } : undefined;
}

const sayRates = ({ offered, achieved }: { offered: number; achieved: number }) =>
  `${formatValue(achieved, "requests/s")} were sent where ${formatValue(offered, "requests/s")} were due`;

function sayUnread({ oddities }: Findings): string {
  const keys = oddities?.unread?.map((path) => `\`${path}\``) ?? [];
  return keys.length > 0 ? `texts at ${keys.join(", ")} are not read` : "no text that is not read was found";
}

const cachedOfFirst = ({ tokens, groups }: Findings): number =>
  toCachedShare({ tokens, ...(groups && { groups }) }) ?? 0;

/** The warnings that apply, in the order of the table. */
export function toWarnings(findings: Findings): Warning[] {
  return WARNINGS.flatMap(({ code, of, remedy }) => {
    const text = of(findings);
    return text === undefined ? [] : [{ code, text, remedy }];
  });
}

function sayDifference(kind: string, comparison: Comparison | undefined): string | undefined {
  return comparison && comparison.difference !== 0
    ? `${comparison.server} ${kind} tokens against ${comparison.client}`
    : undefined;
}
