// The pairs of a run against two servers at once: the second server's times for a prompt against the first one's.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { RequestDetails } from "../../../lib/core/request/request-details.ts";
import { ValueColumn } from "../../statistics/value-column.ts";
import { toPairedDifference } from "../paired-difference.ts";
import { PAIRED_METRICS, type PairedMetric, type Pairs } from "../summary.ts";

type Half = { startMs: number } & { [M in PairedMetric]?: number };

/** Over the measured requests. */
export class PairTally {
  /** Halves whose other half has not come yet: about as many as there are clients. */
  readonly #open = new Map<string, { side: string; half: Half | undefined }>();
  readonly #starts = new ValueColumn();
  readonly #columns = Object.fromEntries(
    PAIRED_METRICS.map((metric) => [metric, { a: new ValueColumn(), b: new ValueColumn() }]),
  ) as Record<PairedMetric, { a: ValueColumn; b: ValueColumn }>;
  #compared = 0;
  #lost = 0;

  add({ labels, startMs }: RequestLine, { verdict, ttftMs, tpotMs, e2eMs }: RequestDetails): void {
    const { pair, server, turn = "" } = labels;
    if (pair === undefined || server === undefined) return;
    const times = { ttft: ttftMs, tpot: tpotMs, e2e: e2eMs };
    const known = Object.entries(times).filter(([, ms]) => ms !== undefined);
    const half = verdict === "complete" ? ({ startMs, ...Object.fromEntries(known) } as Half) : undefined;
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
      const [valueA, valueB] = [a[metric], b[metric]];
      if (valueA === undefined || valueB === undefined) continue;
      this.#columns[metric].a.put(row, valueA);
      this.#columns[metric].b.put(row, valueB);
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
  #toRows(metric: PairedMetric): { a: number; b: number }[] {
    const { a, b } = this.#columns[metric];
    const rows: { startMs: number; a: number; b: number }[] = [];
    for (let row = 0; row < this.#compared; row += 1) {
      const [valueA, valueB] = [a.get(row), b.get(row)];
      if (valueA === undefined || valueB === undefined) continue;
      rows.push({ startMs: this.#starts.get(row) as number, a: valueA, b: valueB });
    }
    return rows.sort((one, other) => one.startMs - other.startMs);
  }
}
