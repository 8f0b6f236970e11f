// What the first reading of a journal keeps of each complete request: one row, its times as columns.
import type { RequestLine } from "../../lib/core/facts.ts";
import type { DerivedMetrics } from "../../lib/core/request-metrics.ts";
import { isMeasured } from "../tally.ts";
import { ValueColumn } from "../value-column.ts";

/** Keys of the columns beside `startMs`; each is a value of RequestMetrics, in ms or tokens. */
export const COLUMNS = [
  "ttftMs",
  "scheduledTtftMs",
  "tpotMs",
  "e2eMs",
  "scheduleDelayMs",
  "headersMs",
  "promptTokens",
] as const satisfies (keyof DerivedMetrics)[];
export type ColumnKey = (typeof COLUMNS)[number];

/** Complete requests of every phase; a row that lacks a value has none in that column. */
export class RequestColumns {
  readonly startMs = new ValueColumn();
  readonly #columns = Object.fromEntries(COLUMNS.map((key) => [key, new ValueColumn()])) as Record<
    ColumnKey,
    ValueColumn
  >;
  /** 1 for the rows of measured requests. */
  readonly #measured = new ValueColumn();

  get rows(): number {
    return this.startMs.length;
  }

  add(line: RequestLine, metrics: DerivedMetrics): void {
    const row = this.rows;
    this.startMs.put(row, line.startMs);
    if (isMeasured(line)) this.#measured.put(row, 1);
    for (const key of COLUMNS) {
      const value = metrics[key];
      if (value !== undefined) this.#columns[key].put(row, value);
    }
  }

  column(key: ColumnKey): ValueColumn {
    return this.#columns[key];
  }

  /** For each row 1 where its request was measured. */
  toMeasured(): Uint8Array {
    return Uint8Array.from({ length: this.rows }, (_, row) => this.#measured.get(row) ?? 0);
  }
}
