// The lines of the one table: a combination each, also those that no run has where they are few. And the pivots. Pure.
import { toHeading } from "./figure-text.ts";
import { type Cell, inPlaceOrder, type Matrix, type Varying } from "./matrix.ts";
import type { Layout } from "./matrix-layout.ts";
import type { Measure } from "./measures.ts";

export interface TableLine {
  /** The value of each dimension of the layout's order. */
  names: string[];
  /** Undefined: no run has this combination. */
  cell: Cell | undefined;
}

/** A grid with a few gaps shows them; of more combinations, or of many gaps, only those with runs are listed. */
const MOST_WITH_GAPS = 60;
const GAPS_RATIO = 1.5;

export function toTableLines(matrix: Matrix, { order }: Layout): TableLine[] {
  const cells = inPlaceOrder(matrix.cells, order);
  const toNames = (cell: Cell) => order.map(({ key }) => cell.place[key] ?? "");
  const combinations = order.reduce((product, { values }) => product * values.length, 1);
  if (combinations > Math.min(MOST_WITH_GAPS, GAPS_RATIO * cells.length)) {
    return cells.map((cell) => ({ names: toNames(cell), cell }));
  }
  return toCombinations(order).map((names) => ({
    names,
    cell: cells.find((cell) => toNames(cell).every((name, index) => name === names[index])),
  }));
}

/** How many combinations have no run; undefined where all have one. */
export function describeGaps({ cells, varying }: Matrix): string | undefined {
  const all = varying.reduce((product, { values }) => product * values.length, 1);
  if (all === cells.length) return undefined;
  const missing = all - cells.length;
  return `${missing} of ${all} combinations ${missing === 1 ? "has" : "have"} no run.`;
}

function toCombinations(order: readonly Varying[]): string[][] {
  return order.reduce<string[][]>(
    (names, { values }) => names.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

export interface Pivot {
  measure: Measure;
  heading: string;
  /** Labels of the dimensions down, then the values side by side. */
  header: string[];
  lines: { names: string[]; cells: (Cell | undefined)[] }[];
}

/** One of each measure: the dimension `columns` side by side, all others down. None where nothing stands side by side. */
export function toPivots(matrix: Matrix, layout: Layout): Pivot[] {
  const { columns } = layout;
  if (columns === undefined) return [];
  const down = layout.order.filter(({ key }) => key !== columns.key);
  const cells = inPlaceOrder(matrix.cells, down);
  const groups = [
    ...Map.groupBy(cells, (cell) => JSON.stringify(down.map(({ key }) => cell.place[key]))).values(),
  ];
  return matrix.measures.map((measure) => ({
    measure,
    heading: toHeading(measure),
    header: [...down.map(({ label }) => label), ...columns.values],
    lines: groups.map((group) => ({
      names: down.map(({ key }) => group[0]?.place[key] ?? ""),
      cells: columns.values.map((value) => group.find((cell) => cell.place[columns.key] === value)),
    })),
  }));
}

/** " [a b]" behind a figure, where marks have no column of their own. */
export function toMarksBehind(cell: Cell | undefined, matrix: Pick<Matrix, "notes">): string {
  const marks = toMarks(cell, matrix);
  return marks === "" ? "" : ` [${marks}]`;
}

/** "a b": the marks of the notes below. */
export function toMarks(cell: Cell | undefined, { notes }: Pick<Matrix, "notes">): string {
  return notes
    .filter(({ key, mark }) => mark !== undefined && cell?.notes.includes(key))
    .map(({ mark }) => mark)
    .join(" ");
}
