// Counts and columns over the lines of a journal: the basis of a summary, in memory that does not hold the lines.

import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { Flag } from "../../../lib/core/request/flags.ts";
import { toFirstTokenRange, toOtherEnds } from "../../../lib/core/request/other-ends.ts";
import { type RequestDetails, toRequestDetails } from "../../../lib/core/request/request-details.ts";
import { toNumber } from "../../../lib/core/request/request-metrics.ts";
import { REQUEST_TRENDS, type TrendKey } from "../../../lib/core/request/trends.ts";
import type { Verdict } from "../../../lib/core/request/verdict.ts";
import { GapHistogram } from "../../statistics/gap-histogram.ts";
import { countUncertainGaps } from "../../statistics/known-gaps.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import type { ClientTotals } from "../judge/reconcile.ts";
import { Outcomes } from "../outcomes.ts";
import type { ErrorExample } from "../summary.ts";
import { ArrivalTally } from "./arrival-tally.ts";

/** Whether the request is in the measured phase; a request without the label is. */
export function isMeasured(line: RequestLine): boolean {
  return (line.labels.phase ?? "measure") === "measure";
}

/** Whether the stream ended with its end marker or after a finish reason: its usage is then the last one. */
function endedProperly(line: RequestLine): boolean {
  return line.ended === "marker" || line.fields.finishReason !== undefined;
}

/** Verdicts of requests that never cost the server a token. */
const FREE: readonly Verdict[] = ["refused", "http_error", "not_a_stream"];

/** How many paths of unread texts a summary names. */
const MOST_UNREAD = 8;

/** Sums over the requests of one phase (or all others). */
export class Tally {
  readonly outcomes = new Outcomes();
  readonly trends = new Map<TrendKey, ValueColumn>(REQUEST_TRENDS.map(({ key }) => [key, new ValueColumn()]));
  /** The other ends of values that are known only as ranges; empty in most runs. */
  readonly otherEnds = new Map<TrendKey, ValueColumn>();
  readonly gaps = new GapHistogram();
  readonly byFlag: { [F in Flag]?: number } = {};
  readonly errors = new Map<string, ErrorExample>();
  readonly stamps = { packet: 0, kernel: 0, user: 0 };
  readonly connections = { opened: 0, reused: 0, retried: 0 };
  readonly stampLagMax = new ValueColumn();
  readonly sendDelay = new ValueColumn();
  readonly arrivals = new ArrivalTally();
  /** Σ lag · reads and Σ reads of the requests that have a lag. */
  stampLagSum = 0;
  stampLagReads = 0;
  /** Start and end of the complete requests; their row is the same in `trends`. */
  readonly startMs = new ValueColumn();
  readonly endMs = new ValueColumn();
  /** For each client, the start of its first request and the end of its last one. */
  readonly clients = new Map<number, { firstStartMs: number; lastEndMs: number }>();
  /** Over complete requests with usage: completion tokens that were streamed, their token events, and hidden tokens. */
  usageTokens = 0;
  usageEvents = 0;
  hiddenTokens = 0;
  /** Paths of texts that are not read, and the first count that cannot be true. */
  readonly unread = new Set<string>();
  badUsage: string | undefined;
  tokenEvents = 0;
  mergedTokens = 0;
  packetMisses = 0;
  /** Over complete requests: those whose first token has a range of time, and gaps that are not known. */
  firstTokenRanges = 0;
  uncertainGaps = 0;
  reads = 0;
  events = 0;
  firstStartMs = Number.POSITIVE_INFINITY;
  lastEndMs = Number.NEGATIVE_INFINITY;
  readonly client: ClientTotals = {
    promptTokens: 0,
    completionTokens: 0,
    unsettled: 0,
    unsettledPromptTokens: 0,
    unsettledCompletionTokens: 0,
  };
  readonly #maxTokens: number;

  /** @param maxTokens the longest answer that was asked for, in tokens */
  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens;
  }

  get requests(): number {
    return this.outcomes.requests;
  }

  get byVerdict(): { [V in Verdict]?: number } {
    return this.outcomes.byVerdict;
  }

  /** The values of the complete requests, a row each. */
  column(key: TrendKey): ValueColumn {
    return this.trends.get(key) as ValueColumn;
  }

  /**
   * @param isHeldBack whether it was due while its client was busy with another request
   * @returns the details derived from the line
   */
  add(line: RequestLine, isHeldBack = false): RequestDetails {
    const details = toRequestDetails(line);
    this.outcomes.count(details);
    for (const flag of details.flags) this.byFlag[flag] = (this.byFlag[flag] ?? 0) + 1;
    this.firstStartMs = Math.min(this.firstStartMs, line.startMs);
    this.lastEndMs = Math.max(this.lastEndMs, line.endMs);
    this.arrivals.add(line, isHeldBack);
    this.#addClient(line);
    this.#addReading(line);
    this.badUsage ??= line.badUsage;
    for (const path of line.unread ?? []) if (this.unread.size < MOST_UNREAD) this.unread.add(path);
    // The cap causes this delay, not the client.
    if (details.sendDelayMs !== undefined && !isHeldBack) this.sendDelay.push(details.sendDelayMs);
    this.#addClientTotals(line, details);
    if (details.verdict === "complete") this.#addComplete(line, details);
    else this.#addError(line, details.verdict);
    return details;
  }

  #addClient({ vu, startMs, endMs }: RequestLine): void {
    const client = this.clients.get(vu);
    if (client === undefined) {
      this.clients.set(vu, { firstStartMs: startMs, lastEndMs: endMs });
      return;
    }
    client.firstStartMs = Math.min(client.firstStartMs, startMs);
    client.lastEndMs = Math.max(client.lastEndMs, endMs);
  }

  #addReading(line: RequestLine): void {
    // A request that received no byte cannot have a stamp.
    if (line.reads > 0) this.stamps[line.stamps] += 1;
    if (line.connectedMs !== undefined) this.connections.opened += 1;
    if (line.reused) this.connections.reused += 1;
    if (line.retried) this.connections.retried += 1;
    this.tokenEvents += line.tokenEvents;
    this.mergedTokens += line.mergedTokens;
    this.packetMisses += line.packetMisses ?? 0;
    // A document counts as one, however many reads it took.
    if (!line.document) {
      this.reads += line.reads;
      this.events += line.events;
    }
    if (line.stampLagMaxMs !== undefined) this.stampLagMax.push(line.stampLagMaxMs);
    if (line.stampLagMeanMs !== undefined && line.reads > 0) {
      this.stampLagSum += line.stampLagMeanMs * line.reads;
      this.stampLagReads += line.reads;
    }
  }

  #addClientTotals(line: RequestLine, { verdict }: RequestDetails): void {
    const completionTokens = toNumber(line.fields.completionTokens);
    this.client.promptTokens += toNumber(line.fields.promptTokens) ?? 0;
    this.client.completionTokens += completionTokens ?? 0;
    // A broken stream may have reported a usage that was not its last.
    const settled = completionTokens !== undefined && endedProperly(line);
    if (settled || line.sentMs === undefined || FREE.includes(verdict)) return;
    this.client.unsettled += 1;
    this.client.unsettledPromptTokens += line.requestBytes;
    this.client.unsettledCompletionTokens += Math.max(this.#maxTokens, line.tokenEvents);
  }

  #addComplete(line: RequestLine, details: RequestDetails): void {
    const row = this.startMs.length;
    this.startMs.put(row, line.startMs);
    this.endMs.put(row, line.endMs);
    for (const { key, of } of REQUEST_TRENDS) {
      const value = of(details);
      if (value !== undefined) this.trends.get(key)?.put(row, value);
    }
    for (const [key, value] of toOtherEnds(line, details) ?? []) this.#otherEnd(key).put(row, value);
    this.gaps.addLine(line);
    this.uncertainGaps += countUncertainGaps(line);
    if (toFirstTokenRange(line) !== undefined) this.firstTokenRanges += 1;
    this.hiddenTokens += details.hiddenTokens ?? 0;
    if (!details.completionEstimated && line.tokenEvents > 0) {
      this.usageTokens += (details.completionTokens ?? 0) - (details.hiddenTokens ?? 0);
      this.usageEvents += line.tokenEvents;
    }
  }

  #otherEnd(key: TrendKey): ValueColumn {
    const column = this.otherEnds.get(key) ?? new ValueColumn();
    this.otherEnds.set(key, column);
    return column;
  }

  #addError(line: RequestLine, verdict: Verdict): void {
    const kind =
      line.error?.kind ??
      (verdict === "http_error" ? String(line.status) : undefined) ??
      (verdict === "not_a_stream" ? line.contentType : undefined);
    const known = this.errors.get(`${verdict} ${kind}`);
    if (known) {
      known.count += 1;
      return;
    }
    const example = (line.error?.message ?? line.inBandError ?? line.body)?.trim().slice(0, 300);
    this.errors.set(`${verdict} ${kind}`, {
      verdict,
      ...(kind !== undefined && { kind }),
      count: 1,
      ...(example && { example }),
    });
  }
}
