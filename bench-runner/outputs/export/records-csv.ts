// Requests as CSV: a header, one row per request, numbers in full precision, an empty cell for an unknown value.
import { stringify } from "csv-stringify/sync";
import { toCsvText } from "../table/csv-table.ts";
import { type Cell, RECORD_COLUMNS, toCell } from "./record-columns.ts";
import type { RecordView } from "./record-view.ts";

/** The number of rows converted to text at a time. */
const BATCH_ROWS = 500;

/** The text in pieces; at most one batch of rows is in memory. */
export async function* toRecordsCsv(records: AsyncIterable<RecordView>): AsyncGenerator<string> {
  let rows: string[][] = [RECORD_COLUMNS.map(({ name }) => name)];
  for await (const record of records) {
    rows.push(RECORD_COLUMNS.map((column) => toText(toCell(column, record))));
    if (rows.length < BATCH_ROWS) continue;
    yield stringify(rows);
    rows = [];
  }
  if (rows.length > 0) yield stringify(rows);
}

function toText(cell: Cell): string {
  return typeof cell === "string" ? toCsvText(cell) : String(cell ?? "");
}
