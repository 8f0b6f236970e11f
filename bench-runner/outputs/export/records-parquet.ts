// Requests as a Parquet file: the columns of the CSV with their types, all optional, one row group at a time.
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { type Cell, type CellType, RECORD_COLUMNS, toCell } from "./record-columns.ts";
import type { RecordView } from "./record-view.ts";

/** Rows per group: what is in memory at a time, and what a reader reads at a time. */
const GROUP_ROWS = 10_000;

const PARQUET_TYPES = { text: "STRING", integer: "INT64", double: "DOUBLE", boolean: "BOOLEAN" } as const;

/**
 * The bytes of the file in pieces, one for each row group and one for the footer.
 * @param groupRows rows per group
 */
export async function* toRecordsParquet(
  records: AsyncIterable<RecordView>,
  groupRows: number = GROUP_ROWS,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter(1 << 20);
  const parquet = new ParquetWriter({ writer, schema: toSchema(), createdBy: "server-bench" });
  let cells = toEmptyColumns();
  let rows = 0;
  for await (const record of records) {
    for (const [index, column] of RECORD_COLUMNS.entries()) {
      cells[index]?.push(toValue(column.type, toCell(column, record)));
    }
    rows += 1;
    if (rows < groupRows) continue;
    writeGroup(parquet, cells, rows);
    yield takeBytes(writer);
    cells = toEmptyColumns();
    rows = 0;
  }
  if (rows > 0) writeGroup(parquet, cells, rows);
  // Without a file behind it the writer ends at once, so there is no promise to wait for.
  parquet.finish();
  yield takeBytes(writer);
}

type ParquetValue = Cell | bigint;

const toEmptyColumns = (): ParquetValue[][] => RECORD_COLUMNS.map(() => []);

function toSchema() {
  const columnData = RECORD_COLUMNS.map(({ name, type }) => ({
    name,
    type: PARQUET_TYPES[type],
    data: [],
  }));
  return schemaFromColumnData({ columnData });
}

function toValue(type: CellType, cell: Cell): ParquetValue {
  return type === "integer" && cell !== undefined ? BigInt(cell) : cell;
}

function writeGroup(parquet: ParquetWriter, cells: ParquetValue[][], rows: number): void {
  const columnData = RECORD_COLUMNS.map(({ name, type }, index) => ({
    name,
    type: PARQUET_TYPES[type],
    data: cells[index] ?? [],
  }));
  parquet.write({ columnData, rowGroupSize: rows });
}

/** Takes what the writer has gathered; the writer continues to count the file's offsets from there. */
function takeBytes(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}
