// Requests as CSV: a header, one row each, numbers with all their digits, what is not known an empty cell.
import { stringify } from "csv-stringify/sync";
import { RECORD_COLUMNS, toCell } from "./record-columns.ts";
import type { RecordView } from "./record-view.ts";

/** So many rows are made into text at a time. */
const BATCH_ROWS = 500;

/** The text in pieces; at no time more than a batch of rows is held. */
export async function* toRecordsCsv(records: AsyncIterable<RecordView>): AsyncGenerator<string> {
  let rows: string[][] = [RECORD_COLUMNS.map(({ name }) => name)];
  for await (const record of records) {
    rows.push(RECORD_COLUMNS.map((column) => String(toCell(column, record) ?? "")));
    if (rows.length < BATCH_ROWS) continue;
    yield stringify(rows);
    rows = [];
  }
  if (rows.length > 0) yield stringify(rows);
}
