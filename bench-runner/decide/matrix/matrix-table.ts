// A matrix as tables: one line per combination of the dimensions, or one table per figure with a dimension side by side. Pure.
import { formatEnds, formatNumberEnds, formatValue, type Unit } from "../../../lib/core/units.ts";
import {
  type Cell,
  type Column,
  type Table,
  toHeading,
  toNumberText,
  type Words,
} from "../../outputs/table/table.ts";
import { ESTIMATED_SIGN } from "../../summary/estimated.ts";
import { inPlaceOrder } from "./matrix.ts";
import type { Layout } from "./matrix-layout.ts";
import type { CellFigure, Matrix, MatrixCell, Varying } from "./matrix-types.ts";
import type { Measure } from "./measures.ts";
import type { MatrixRun } from "./read-runs.ts";

/** Where a run's report is, seen from the matrix; undefined if there is none. */
export type ToHref = (run: MatrixRun) => string | undefined;

/** The columns that a narrow terminal omits, first to last. */
const DROPPED = [
  "serverMemory",
  "goodput",
  "e2eP95",
  "gpuMemory",
  "requestsPerSecond",
  "tpotMedian",
  "success",
  "e2eMedian",
  "ttftP95",
];

export interface TableLine {
  /** The value of each dimension of the layout's order. */
  names: string[];
  /** Undefined if no run has this combination. */
  cell: MatrixCell | undefined;
}

/** A grid with a few gaps shows them; with more combinations, or many gaps, only those with runs are listed. */
const MOST_WITH_GAPS = 60;
const GAPS_RATIO = 1.5;

export function toTableLines(matrix: Matrix, { order }: Layout): TableLine[] {
  const cells = inPlaceOrder(matrix.cells, order);
  const toNames = (cell: MatrixCell) => order.map(({ key }) => cell.place[key] ?? "");
  const combinations = order.reduce((product, { values }) => product * values.length, 1);
  if (combinations > Math.min(MOST_WITH_GAPS, GAPS_RATIO * cells.length) || !isCrossed(matrix)) {
    return cells.map((cell) => ({ names: toNames(cell), cell }));
  }
  return toCombinations(order).map((names) => ({
    names,
    cell: cells.find((cell) => toNames(cell).every((name, index) => name === names[index])),
  }));
}

/** How many combinations have no run; undefined if all have one, and where the dimensions are not crossed. */
export function describeGaps(matrix: Matrix): string | undefined {
  const { cells, varying } = matrix;
  const all = varying.reduce((product, { values }) => product * values.length, 1);
  if (all === cells.length || !isCrossed(matrix)) return undefined;
  const missing = all - cells.length;
  return `${missing} of ${all} combinations ${missing === 1 ? "has" : "have"} no run.`;
}

/** Where at least this share of the combinations has a run, the others are missing from a grid. */
const GRID_SHARE = 0.75;

/**
 * Whether the dimensions are crossed: nearly every combination has a run, or of every two dimensions two values each have
 * runs in all four combinations. Models that each have a server of their own are not crossed with servers.
 */
function isCrossed({ cells, varying }: Pick<Matrix, "cells" | "varying">): boolean {
  const all = varying.reduce((product, { values }) => product * values.length, 1);
  if (cells.length >= GRID_SHARE * all) return true;
  return varying.every((one, index) =>
    varying.slice(index + 1).every((other) => {
      const withRuns = Map.groupBy(cells, ({ place }) => place[one.key] ?? "");
      const sets = [...withRuns.values()].map((some) => [
        ...new Set(some.map(({ place }) => place[other.key])),
      ]);
      return sets.some((a, at) =>
        sets.slice(at + 1).some((b) => a.filter((value) => b.includes(value)).length > 1),
      );
    }),
  );
}

function toCombinations(order: readonly Varying[]): string[][] {
  return order.reduce<string[][]>(
    (names, { values }) => names.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

export interface MatrixTableOptions {
  /** Repeats are shown with their range. */
  hasRanges: boolean;
  /** For the column of runs: links in documents; without it the number of runs, if any are repeats. */
  toHref?: ToHref;
}

/** Dimensions, figures, runs and marks of the notes. */
export function toMatrixTable(matrix: Matrix, layout: Layout, options: MatrixTableOptions): Table {
  const lines = toTableLines(matrix, layout);
  const hasRepeats = matrix.cells.some(({ runs }) => runs.length > 1);
  const { toHref, hasRanges } = options;
  const counts: Column = { title: "runs", align: "right" };
  const columns: { column: Column; cell: (line: TableLine) => Cell }[] = [
    // Documents name each row.
    ...(toHref !== undefined && layout.order.length === 0
      ? [{ column: { title: "" }, cell: () => "all" }]
      : []),
    ...layout.order.map(({ label }, index) => ({
      column: { title: label },
      cell: ({ names }: TableLine) => names[index] ?? "",
    })),
    ...(toHref === undefined && hasRepeats
      ? [{ column: counts, cell: ({ cell }: TableLine) => String(cell?.counted ?? "") }]
      : []),
    ...matrix.measures.map((measure) => ({
      column: toMeasureColumn(measure),
      cell: ({ cell }: TableLine) => toFigureWords(cell, measure, hasRanges),
    })),
    ...(toHref === undefined
      ? []
      : [
          {
            column: counts,
            cell: ({ cell, names }: TableLine) => toLinks(cell, names.join(", "), toHref),
          },
        ]),
    ...(matrix.notes.some(({ mark }) => mark !== undefined)
      ? [
          {
            column: { title: "notes", short: "", ...(toHref && { align: "right" as const }) },
            cell: ({ cell }: TableLine) => toMarks(cell, matrix),
          },
        ]
      : []),
  ];
  return {
    columns: columns.map(({ column }) => column),
    rows: lines.map((line) => columns.map(({ cell }) => cell(line))),
  };
}

function toMeasureColumn({ key, label, unit }: Measure): Column {
  const rank = DROPPED.indexOf(key);
  return { title: toHeading(label, unit), align: "right", unit, ...(rank !== -1 && { rank }) };
}

function toFigureWords(cell: MatrixCell | undefined, { key, unit }: Measure, hasRange: boolean): Words {
  const figure = cell?.figures[key];
  const text = hasRange || figure?.ends ? toFigureText(figure, unit) : toNumberText(figure?.median, unit);
  const sign = figure?.estimated ? ESTIMATED_SIGN : "";
  if (cell?.best.includes(key)) return { text, strong: true, mark: `${sign}*`, note: "best" };
  return sign === "" || text === "" ? { text } : { text, mark: sign };
}

/** A number for each run, with a link if it has a report. */
function toLinks(cell: MatrixCell | undefined, name: string, toHref: ToHref): Words[] {
  const runs = cell?.runs ?? [];
  return runs.map((run, index) => {
    const href = toHref(run);
    const text = String(index + 1);
    return href === undefined
      ? { text }
      : { text, note: `report of ${name || run.summary.run.name}`, href, tip: run.folder };
  });
}

export interface Pivot {
  heading: string;
  table: Table;
}

/** One table per measure: the dimension `columns` side by side, all others down. None if no dimension is side by side. */
export function toPivots(matrix: Matrix, layout: Layout): Pivot[] {
  const { columns } = layout;
  if (columns === undefined) return [];
  const down = layout.order.filter(({ key }) => key !== columns.key);
  const cells = inPlaceOrder(matrix.cells, down);
  const groups = [
    ...Map.groupBy(cells, (cell) => JSON.stringify(down.map(({ key }) => cell.place[key]))).values(),
  ];
  return matrix.measures.map((measure) => ({
    heading: toHeading(measure.label, measure.unit),
    table: {
      columns: [
        ...down.map(({ label }) => ({ title: label })),
        ...columns.values.map((title) => ({ title, align: "right" as const })),
      ],
      rows: groups.map((group) => [
        ...down.map(({ key }) => group[0]?.place[key] ?? ""),
        ...columns.values.map((value) =>
          toPivotWords(
            group.find((cell) => cell.place[columns.key] === value),
            measure,
            matrix,
          ),
        ),
      ]),
    },
  }));
}

/** With the marks of the notes behind the figure, because they have no column of their own. */
function toPivotWords(cell: MatrixCell | undefined, measure: Measure, matrix: Matrix): Words {
  const words = toFigureWords(cell, measure, true);
  const marks = toMarks(cell, matrix);
  return words.text === "" || marks === "" ? words : { ...words, text: `${words.text} [${marks}]` };
}

/** "a b": the marks of the notes below. */
export function toMarks(cell: MatrixCell | undefined, { notes }: Pick<Matrix, "notes">): string {
  return notes
    .filter(({ key, mark }) => mark !== undefined && cell?.notes.includes(key))
    .map(({ mark }) => mark)
    .join(" ");
}

/** "98.00…121.0"; "" for a single run, and if both ends read the same. */
function toRange({ low, high }: CellFigure, unit: Unit): string {
  const [from, to] = [toNumberText(low, unit), toNumberText(high, unit)];
  return from === to ? "" : `${from}…${to}`;
}

/** "110.0", "110.0 (98.00…121.0)". */
function toFigureText(figure: CellFigure | undefined, unit: Unit): string {
  if (figure === undefined) return "";
  if (figure.ends) return formatNumberEnds(figure.ends, unit);
  const range = toRange(figure, unit);
  return `${toNumberText(figure.median, unit)}${range === "" ? "" : ` (${range})`}`;
}

/** With unit: "110.0 ms". */
export function toFullText(figure: CellFigure, unit: Unit): string {
  const text = figure.ends ? formatEnds(figure.ends, unit) : formatValue(figure.median, unit);
  return figure.estimated ? `${text} (estimated)` : text;
}
