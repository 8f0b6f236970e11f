// matrix.csv: one row per cell, and one per task of runs that have several; every dimension is a column, numbers have all digits. Pure.
import { toSnake } from "../../../lib/core/key-names.ts";
import { renderCsvTable } from "../../outputs/table/csv-table.ts";
import type { Matrix, MatrixCell } from "./matrix-types.ts";
import { MEASURES } from "./measures.ts";

type Column = [name: string, value: (cell: MatrixCell) => string | number | undefined];

export function renderMatrixCsv(matrix: Matrix): string {
  const columns = toColumns(matrix);
  return renderCsvTable({
    columns: columns.map(([title]) => ({ title })),
    rows: [...matrix.cells, ...(matrix.tasks?.cells ?? [])].map((cell) =>
      columns.map(([, value]) => value(cell)),
    ),
  });
}

function toColumns({ fixed, varying }: Matrix): Column[] {
  return [
    ...[...fixed, ...varying].map(({ key }): Column => [toSnake(key), ({ place }) => place[key]]),
    // Empty for all requests of the run.
    ["task", ({ place }) => place.task],
    ["load", ({ load }) => load?.value],
    ["load_unit", ({ load }) => load?.unit],
    ["runs", ({ counted }) => counted],
    ...MEASURES.flatMap(({ key, unit }): Column[] => {
      const name = `${toSnake(key)}${{ ms: "_ms", bytes: "_bytes" }[String(unit)] ?? ""}`;
      return [
        [name, ({ figures }) => figures[key]?.median],
        // Of repeats; and the ends of what is known only as a range.
        [`${name}_lowest`, ({ figures }) => figures[key]?.ends?.lower ?? figures[key]?.low],
        [
          `${name}_highest`,
          ({ figures }) => (figures[key]?.ends ? figures[key]?.ends?.upper : figures[key]?.high),
        ],
      ];
    }),
    [
      "estimated",
      ({ figures }) =>
        MEASURES.flatMap(({ key }) => (figures[key]?.estimated ? [toSnake(key)] : [])).join(" "),
    ],
    ["notes", ({ notes }) => notes.join(" ")],
    ["folders", ({ runs }) => runs.map(({ folder }) => folder).join("; ")],
  ];
}
