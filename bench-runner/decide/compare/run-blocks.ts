// One run's journal by blocks of time: the figures that have an interval in a single run.
import { meetsSlos } from "../../../lib/core/goals/goodput.ts";
import type { Slo } from "../../../lib/core/goals/slo.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { type RequestDetails, toRequestDetails } from "../../../lib/core/request/request-details.ts";
import { REQUEST_TRENDS, type TrendKey } from "../../../lib/core/request/trends.ts";
import { toVerdict } from "../../../lib/core/request/verdict.ts";
import { toBlockCount } from "../../statistics/slow-waves.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import type { Summary, Window } from "../../summary/summary.ts";
import { isMeasured } from "../../summary/tallies/tally.ts";
import { ThroughputSums } from "../../summary/throughput.ts";
import type { BlockedValues } from "./block-estimates.ts";
import { GapBlocks } from "./gap-blocks.ts";

/** Trends of requests whose mean and percentiles have an interval; ITL is a trend of gaps. */
export const BLOCKED_TRENDS = ["ttft", "ttfo", "scheduledTtft", "headers", "tpot", "e2e"] as const;
export type BlockedTrend = (typeof BLOCKED_TRENDS)[number];
const TRENDS = REQUEST_TRENDS.filter(({ key }) => (BLOCKED_TRENDS as readonly TrendKey[]).includes(key));

/** Per block: requests that count, and all that could. */
export class ShareBlocks {
  readonly counted: Float64Array;
  readonly all: Float64Array;

  constructor(blocks: number) {
    this.counted = new Float64Array(blocks);
    this.all = new Float64Array(blocks);
  }

  /** A request without a verdict (undefined) is not part of the share. */
  add(block: number, counts: boolean | undefined): void {
    if (counts === undefined) return;
    this.all[block] = (this.all[block] as number) + 1;
    if (counts) this.counted[block] = (this.counted[block] as number) + 1;
  }
}

export class RunBlocks {
  readonly count: number;
  readonly window: Window;
  readonly gaps: GapBlocks;
  readonly shares: Record<"success" | "truncated" | "stopped" | "goodput", ShareBlocks>;
  readonly #slos: readonly Slo[];
  readonly #rates: readonly ThroughputSums[];
  readonly #blockOf = new ValueColumn();
  readonly #columns = new Map<string, ValueColumn>(TRENDS.map(({ key }) => [key, new ValueColumn()]));

  /** @param summary of the same run: its window is divided into blocks, and gaps are compared with its ITL percentiles */
  constructor({ requests, metrics }: Summary, window: Window, slos: readonly Slo[]) {
    const count = toBlockCount(requests.measured);
    this.count = count;
    this.window = window;
    this.#slos = slos;
    this.gaps = new GapBlocks(count, metrics.itl);
    const shares = () => new ShareBlocks(count);
    this.shares = { success: shares(), truncated: shares(), stopped: shares(), goodput: shares() };
    this.#rates = Array.from({ length: count }, (_, block) => new ThroughputSums(this.#toWindow(block)));
  }

  add(line: RequestLine): void {
    this.#addToRates(line);
    if (!isMeasured(line)) return;
    const block = this.#toBlock(line.startMs);
    const details = toRequestDetails(line);
    const { verdict } = details;
    const isStopped = verdict === "aborted" || verdict === "interrupted";
    this.shares.success.add(block, isStopped ? undefined : verdict === "complete");
    if (this.#slos.length > 0) this.shares.goodput.add(block, meetsSlos(this.#slos, line, details));
    if (verdict === "complete") this.#addComplete(block, line, details);
  }

  #addComplete(block: number, line: RequestLine, details: RequestDetails): void {
    this.shares.truncated.add(block, details.truncated);
    this.shares.stopped.add(block, details.stopped);
    this.gaps.add(block, line);
    const row = this.#blockOf.length;
    this.#blockOf.push(block);
    for (const { key, of } of TRENDS) {
      const value = of(details);
      if (value !== undefined) this.#columns.get(key)?.put(row, value);
    }
  }

  /** A request counts in every block that it overlaps; its tokens are counted by their time stamps. */
  #addToRates(line: RequestLine): void {
    if (line.endMs < this.window.startMs || line.startMs > this.window.endMs) return;
    const verdict = toVerdict(line);
    const last = this.#toBlock(line.endMs);
    for (let block = this.#toBlock(line.startMs); block <= last; block += 1)
      this.#rates[block]?.add(line, verdict);
  }

  #toBlock(atMs: number): number {
    const { startMs, endMs } = this.window;
    const block = Math.floor(((atMs - startMs) / (endMs - startMs)) * this.count);
    return Math.min(this.count - 1, Math.max(0, block));
  }

  #toWindow(block: number): Window {
    const { startMs, endMs, endedBy } = this.window;
    const at = (edge: number) => startMs + ((endMs - startMs) * edge) / this.count;
    const isLast = block === this.count - 1;
    const [from, to] = [at(block), isLast ? endMs : at(block + 1)];
    return {
      startMs: from,
      endMs: to,
      seconds: (to - from) / 1000,
      endedBy: isLast ? endedBy : "duration",
    };
  }

  /** Undefined if no request has such a value. */
  toValues(key: BlockedTrend): BlockedValues | undefined {
    const column = this.#columns.get(key);
    if (column === undefined || column.length === 0) return undefined;
    const values = new Float64Array(column.length);
    const blocks = new Uint8Array(column.length);
    for (let [row, at] = [0, 0]; at < values.length; row += 1) {
      const value = column.get(row);
      if (value === undefined) continue;
      values[at] = value;
      blocks[at] = this.#blockOf.get(row) as number;
      at += 1;
    }
    return { values, blocks, blockCount: this.count };
  }

  /** Rates per second, by block. */
  toRates() {
    const throughputs = this.#rates.map((sums) => sums.toThroughput());
    return {
      requestsPerSecond: throughputs.map((block) => block.requestsPerSecond),
      outputTokensPerSecond: throughputs.map((block) => block.outputTokensPerSecond ?? 0),
      totalTokensPerSecond: throughputs.map((block) => block.totalTokensPerSecond ?? 0),
    };
  }
}
