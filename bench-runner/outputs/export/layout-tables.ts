// The tables of docs/layouts.md, from the tables that the files are made from.
import { unitSign } from "../../../lib/core/units.ts";
import { renderMarkdownTable } from "../table/markdown-table.ts";
import { toTextTable } from "../table/table.ts";
import { BENCH_JSONL_FIELDS, BENCH_SUMMARY_FIELDS } from "./bench/bench-fields.ts";
import { FORMATS } from "./export-formats.ts";
import type { LayoutField } from "./layout-field.ts";
import { REPORT_JSON_FIELDS } from "./layout-fields.ts";
import { RECORD_COLUMNS } from "./record-columns.ts";
import { RESULT_DIR_FIELDS } from "./result-dir-fields.ts";
import { TASK_CSV_FIELDS } from "./task-csv.ts";

const renderTable = (titles: string[], rows: string[][]) => renderMarkdownTable(toTextTable(titles, rows));

function toFieldsTable<Source>(fields: readonly LayoutField<Source>[]): string {
  return renderTable(
    ["field", "unit", "formula", "note"],
    fields.map(({ name, unit, formula, note = "" }) => [`\`${name}\``, unit, formula, note]),
  );
}

export const EXPORT_TABLES = {
  "export-formats": () =>
    renderTable(
      ["format", "contents"],
      Object.entries(FORMATS).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
  "record-columns": () =>
    renderTable(
      ["column", "type", "unit", "meaning"],
      RECORD_COLUMNS.map(({ name, type, unit, meaning }) => [
        `\`${name}\``,
        type,
        unit === "" ? "" : unitSign(unit),
        meaning,
      ]),
    ),
  "report-json": () => toFieldsTable(REPORT_JSON_FIELDS),
  "bench-jsonl": () => toFieldsTable(BENCH_JSONL_FIELDS),
  "bench-summary": () => toFieldsTable(BENCH_SUMMARY_FIELDS),
  "task-csv": () => toFieldsTable(TASK_CSV_FIELDS),
  "result-dir": () => toFieldsTable(RESULT_DIR_FIELDS),
} as const satisfies Record<string, () => string>;
