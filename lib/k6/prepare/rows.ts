// The rows of a run: prepared by the runner, or read from the dataset by k6 itself.
import { SharedArray } from "k6/data";
import sse from "k6/x/sse";
import type { LoadOptions } from "../../core/options/options.ts";
import type { Row } from "../../core/prompts/row.ts";
import { loadPart } from "../parts.ts";

interface RunRows {
  load: LoadOptions;
  rows: readonly Row[];
}

/** In the order in which they are used; a row is parsed when it is read. For the init context. */
export function openRows(load: LoadOptions): Row[] {
  const path = __ENV.SERVER_BENCH_ROWS;
  if (path && sse.rows !== undefined) return sse.rows<Row>(path);
  return new SharedArray<Row>("rows", () => loadPart("dataset").loadRows(load));
}

/** Whether every row was sent and the run ends then. */
export function isOut({ load, rows }: RunRows, index: number): boolean {
  return load.whenOut === "end" && index >= rows.length;
}
