// The pairs of a run against two servers at once: the second server's times for a prompt against the first one's.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { toOtherEnds } from "../../../lib/core/request/other-ends.ts";
import type { RequestDetails } from "../../../lib/core/request/request-details.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import { type PairTimes, toPairedDifference } from "../paired-difference.ts";
import { PAIRED_METRICS, type PairedMetric, type Pairs } from "../summary.ts";

/** Times, and the lengths of those that are known only as ranges. */
interface Half {
  startMs: number;
  times: { [M in PairedMetric]?: number };
  ranges: { [M in PairedMetric]?: number };
}

class PairColumns {
  readonly a = new ValueColumn();
  readonly b = new ValueColumn();
  /** Empty in most runs. */
  readonly uncertainA = new ValueColumn();
  readonly uncertainB = new ValueColumn();
}

function toHalf(line: RequestLine, details: RequestDetails): Half {
  const { ttftMs, tpotMs, e2eMs } = details;
  const half: Half = { startMs: line.startMs, times: {}, ranges: {} };
  const others = toOtherEnds(line, details);
  for (const [metric, ms] of Object.entries({ ttft: ttftMs, tpot: tpotMs, e2e: e2eMs })) {
    if (ms === undefined) continue;
    half.times[metric as PairedMetric] = ms;
    const other = others?.get(metric as PairedMetric);
    if (other !== undefined) half.ranges[metric as PairedMetric] = ms - other;
  }
  return half;
}

/** Over the measured requests. */
export class PairTally {
  /** Halves whose other half has not come yet: about as many as there are clients. */
  readonly #open = new Map<string, { side: string; half: Half | undefined }>();
  readonly #starts = new ValueColumn();
  readonly #columns = Object.fromEntries(
    PAIRED_METRICS.map((metric) => [metric, new PairColumns()]),
  ) as Record<PairedMetric, PairColumns>;
  #compared = 0;
  #lost = 0;

  add(line: RequestLine, details: RequestDetails): void {
    const { pair, server, turn = "" } = line.labels;
    if (pair === undefined || server === undefined) return;
    const half = details.verdict === "complete" ? toHalf(line, details) : undefined;
    const key = `${pair} ${turn}`;
    const other = this.#open.get(key);
    if (other === undefined) this.#open.set(key, { side: server, half });
    else {
      this.#open.delete(key);
      if (half === undefined || other.half === undefined || other.side === server) this.#lost += 1;
      else if (server === "b") this.#compare(other.half, half);
      else this.#compare(half, other.half);
    }
  }

  #compare(a: Half, b: Half): void {
    const row = this.#compared++;
    this.#starts.put(row, Math.min(a.startMs, b.startMs));
    for (const metric of PAIRED_METRICS) {
      const [valueA, valueB] = [a.times[metric], b.times[metric]];
      if (valueA === undefined || valueB === undefined) continue;
      const columns = this.#columns[metric];
      columns.a.put(row, valueA);
      columns.b.put(row, valueB);
      const [rangeA, rangeB] = [a.ranges[metric], b.ranges[metric]];
      if (rangeA !== undefined) columns.uncertainA.put(row, rangeA);
      if (rangeB !== undefined) columns.uncertainB.put(row, rangeB);
    }
  }

  /** Undefined for a run against one server. */
  toPairs(): Pairs | undefined {
    const lost = this.#lost + this.#open.size;
    if (this.#compared + lost === 0) return undefined;
    const differences = PAIRED_METRICS.flatMap((metric) => {
      const rows = this.#toRows(metric);
      return rows.length === 0 ? [] : [{ metric, ...toPairedDifference(rows) }];
    });
    return { compared: this.#compared, lost, differences };
  }

  /** In the order in which the pairs began. */
  #toRows(metric: PairedMetric): PairTimes[] {
    const { a, b, uncertainA, uncertainB } = this.#columns[metric];
    const rows: (PairTimes & { startMs: number })[] = [];
    for (let row = 0; row < this.#compared; row += 1) {
      const [valueA, valueB] = [a.get(row), b.get(row)];
      if (valueA === undefined || valueB === undefined) continue;
      rows.push({
        startMs: this.#starts.get(row) as number,
        a: valueA,
        b: valueB,
        uncertainA: uncertainA.get(row) ?? 0,
        uncertainB: uncertainB.get(row) ?? 0,
      });
    }
    return rows.sort((one, other) => one.startMs - other.startMs);
  }
}
