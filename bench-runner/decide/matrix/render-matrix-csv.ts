// matrix.csv: one row a cell, and one for each task of runs that have several; every dimension is a column, numbers are in full. Pure.

import { stringify } from "csv-stringify/sync";
import { toSnake } from "../../../lib/core/key-names.ts";
import { toDigits } from "../../../lib/core/units.ts";
import type { Cell, Matrix } from "./matrix.ts";
import { MEASURES } from "./measures.ts";

type Column = [name: string, value: (cell: Cell) => string | number | undefined];

export function renderMatrixCsv(matrix: Matrix): string {
  const columns = toColumns(matrix);
  const cells = [...matrix.cells, ...(matrix.tasks?.cells ?? [])];
  return stringify([
    columns.map(([name]) => name),
    ...cells.map((cell) => columns.map(([, value]) => toText(value(cell)))),
  ]);
}

function toColumns({ fixed, varying }: Matrix): Column[] {
  return [
    ...[...fixed, ...varying].map(({ key }): Column => [toSnake(key), ({ place }) => place[key]]),
    // Empty: all requests of the run.
    ["task", ({ place }) => place.task],
    ["load", ({ load }) => load?.value],
    ["load_unit", ({ load }) => load?.unit],
    ["runs", ({ counted }) => counted],
    ...MEASURES.flatMap(({ key, unit }): Column[] => {
      const name = `${toSnake(key)}${{ ms: "_ms", bytes: "_bytes" }[String(unit)] ?? ""}`;
      return [
        [name, ({ figures }) => figures[key]?.median],
        [`${name}_lowest`, ({ figures }) => figures[key]?.low],
        [`${name}_highest`, ({ figures }) => figures[key]?.high],
      ];
    }),
    ["notes", ({ notes }) => notes.join(" ")],
    ["folders", ({ runs }) => runs.map(({ folder }) => folder).join("; ")],
  ];
}

function toText(value: string | number | undefined): string {
  return typeof value === "number" ? String(toDigits(value)) : (value ?? "");
}
