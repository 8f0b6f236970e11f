// A matrix as JSON, for other programs: what `--json` prints. Pure.
import type { Matrix, MatrixCell } from "./matrix-types.ts";
import { toNoteTexts } from "./matrix-words.ts";

export function renderMatrixJson(matrix: Matrix): string {
  return JSON.stringify({ schema: "server-bench/matrix/1", ...toJson(matrix) }, null, 2);
}

function toJson(matrix: Matrix): object {
  const { fixed, varying, measures, cells, tasks } = matrix;
  return {
    fixed,
    varying,
    measures: measures.map(({ key, label, unit, better }) => ({ key, label, unit, better })),
    cells: cells.map(toCell),
    notes: toNoteTexts(matrix),
    ...(tasks && { tasks: toJson(tasks) }),
  };
}

function toCell({ place, load, runs, counted, figures, best, notes }: MatrixCell): object {
  return {
    place,
    ...(load && { load }),
    figures: Object.fromEntries(
      Object.entries(figures).map(([key, figure]) => [
        key,
        figure && {
          median: figure.median,
          ...(figure.ends && { ends: figure.ends }),
          ...(figure.estimated && { estimated: true }),
          ...(figure.low !== undefined && { low: figure.low, high: figure.high }),
        },
      ]),
    ),
    counted,
    best,
    notes,
    folders: runs.map(({ folder }) => folder),
  };
}
