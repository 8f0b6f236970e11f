// The charts of a matrix: grouped bars, or lines if one dimension is numeric with at least three values. Pure.
import type { BarsChart, ChartSpec, LinesChart } from "../../outputs/charts/chart-spec.ts";
import type { Layout } from "./matrix-layout.ts";
import { type ToHref, toFullText, toTableLines } from "./matrix-table.ts";
import type { Matrix, MatrixCell, Varying } from "./matrix-types.ts";
import type { Measure } from "./measures.ts";

/** Most lines in one chart: more cannot be distinguished. */
const MOST_LINES = 8;
/** From this ratio of the largest to the smallest position on, the axis is logarithmic: 1, 2, 4, 8, … clients are evenly spaced. */
const LOG_FROM = 8;

/** With a smaller share of all combinations, each line has its own positions, as in adaptive sweeps, and has no gaps. */
const GRID_SHARE = 0.6;
/** As in the report: from this ratio on, a linear scale would flatten the small values. */
const WIDE_FROM = 40;

/** @param prefix of the charts' ids: letters and hyphens */
export function toMeasureCharts(
  matrix: Matrix,
  layout: Layout,
  measure: Measure,
  { toHref, prefix }: { toHref: ToHref; prefix: string },
): ChartSpec[] {
  const id = `${prefix}${measure.key}`;
  const x = toNumbers(matrix, layout.by);
  const has = (cells: readonly MatrixCell[]) =>
    cells.some(({ figures }) => figures[measure.key] !== undefined);
  if (x === undefined) return [toBars(matrix, layout, measure, id, toHref)];
  const names = layout.order.filter(({ key }) => key !== layout.by?.key);
  const placed = matrix.cells.filter((cell) => x.of(cell) !== undefined);
  const lines = new Set(placed.map((cell) => toName(cell, names))).size;
  const { rows } = layout;
  if (lines <= MOST_LINES || rows === undefined || names.length < 2) {
    return [toLines(placed, names, x, measure, { id, title: toTitle(measure), toHref })];
  }
  // A chart for each row.
  return rows.values.flatMap((value, index) => {
    const cells = placed.filter((cell) => cell.place[rows.key] === value);
    const rest = names.filter(({ key }) => key !== rows.key);
    const title = `${toTitle(measure)} · ${value}`;
    return has(cells) ? [toLines(cells, rest, x, measure, { id: `${id}-${index + 1}`, title, toHref })] : [];
  });
}

interface Numbers {
  title: string;
  unit: string;
  values: number[];
  of: (cell: MatrixCell) => number | undefined;
  say: (cell: MatrixCell) => string;
  /** Values that are not such a number. */
  others: string[];
}

/**
 * A dimension as positions; undefined if fewer than three values are numbers of the same unit. A sweep over rates has one
 * point with a single client, which does not fit among them.
 */
function toNumbers({ cells }: Matrix, by: Varying | undefined): Numbers | undefined {
  if (by === undefined) return undefined;
  const isLoad = by.key === "parallel";
  const units = Map.groupBy(isLoad ? cells : [], ({ load }) => load?.unit);
  const [unit] = [...units].sort(([, a], [, b]) => b.length - a.length).map(([name]) => name);
  const of = ({ load, place }: MatrixCell) => {
    if (!isLoad) return toNumber(place[by.key]);
    return load?.unit === unit ? load?.value : undefined;
  };
  const values = [...new Set(cells.flatMap((cell) => of(cell) ?? []))].sort((a, b) => a - b);
  if (values.length < 3) return undefined;
  return {
    title: isLoad ? (unit ?? by.label) : by.label,
    values,
    of,
    unit: values.every(Number.isInteger) ? "count" : "ratio",
    say: ({ place }) => (isLoad ? (place[by.key] ?? "") : `${by.label} ${place[by.key]}`),
    others: [...new Set(cells.flatMap((cell) => (of(cell) === undefined ? (cell.place[by.key] ?? []) : [])))],
  };
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function toLines(
  cells: readonly MatrixCell[],
  names: readonly Varying[],
  x: Numbers,
  measure: Measure,
  { id, title, toHref }: { id: string; title: string; toHref: ToHref },
): LinesChart {
  const groups = Map.groupBy(cells, (cell) => toName(cell, names));
  const isGrid = cells.length >= GRID_SHARE * groups.size * x.values.length;
  const isLog = (x.values[0] ?? 0) > 0 && (x.values.at(-1) ?? 0) / (x.values[0] ?? 1) >= LOG_FROM;
  return {
    kind: "lines",
    id,
    title,
    description: describe(cells, measure, (cell) =>
      [toName(cell, names), x.say(cell)].filter(Boolean).join(", "),
    ),
    ...(x.others.length > 0 && { legend: `In the table only: ${x.others.join(", ")}.` }),
    x: { title: x.title, unit: x.unit, ...(isLog && { scale: "log" }) },
    y: { title: measure.label, unit: measure.unit, ...(isWide(cells, measure) && { scale: "log" }) },
    series: [...groups].map(([name, group]) => ({
      name: name || measure.label,
      points: x.values.flatMap((at) => {
        const cell = group.find((one) => x.of(one) === at);
        return cell || isGrid ? [{ x: at, y: undefined, ...(cell && toPoint(cell, measure, toHref)) }] : [];
      }),
    })),
  };
}

/** Latencies over several orders of magnitude: on a linear scale the small ones would be invisible. */
function isWide(cells: readonly MatrixCell[], { key, unit }: Measure): boolean {
  const values = cells.flatMap(({ figures }) => figures[key]?.median ?? []);
  return unit === "ms" && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > WIDE_FROM;
}

function toPoint(cell: MatrixCell, { key }: Measure, toHref: ToHref) {
  const figure = cell.figures[key];
  if (figure === undefined) return {};
  const href = toNearestHref(cell, key, toHref);
  return {
    y: figure.median,
    ...(figure.low !== undefined && figure.high !== undefined && { low: figure.low, high: figure.high }),
    ...(href !== undefined && { href }),
  };
}

function toBars(matrix: Matrix, layout: Layout, measure: Measure, id: string, toHref: ToHref): BarsChart {
  const { columns } = layout;
  const down = layout.order.filter(({ key }) => key !== columns?.key);
  const categories = [
    ...new Set(toTableLines(matrix, layout).flatMap(({ cell }) => (cell ? [toName(cell, down)] : []))),
  ];
  const find = (category: string, value: string | undefined) =>
    matrix.cells.find(
      (cell) =>
        toName(cell, down) === category && (columns === undefined || cell.place[columns.key] === value),
    );
  return {
    kind: "bars",
    id,
    title: toTitle(measure),
    description: describe(matrix.cells, measure, (cell) => toName(cell, layout.order)),
    y: { title: measure.label, unit: measure.unit },
    categories: categories.map((category) => category || measure.label),
    series: (columns?.values ?? [undefined]).map((value) => {
      const cells = categories.map((category) => find(category, value));
      const figures = cells.map((cell) => cell?.figures[measure.key]);
      return {
        name: value ?? measure.label,
        values: figures.map((figure) => figure?.median),
        low: figures.map((figure) => figure?.low),
        high: figures.map((figure) => figure?.high),
        hrefs: cells.map((cell) => cell && toNearestHref(cell, measure.key, toHref)),
      };
    }),
  };
}

/** With a capital letter, as a heading begins: "Output tokens/s". */
function toTitle({ label }: Measure): string {
  return `${label[0]?.toUpperCase()}${label.slice(1)}`;
}

function toName({ place }: MatrixCell, names: readonly Varying[]): string {
  return names.map(({ key }) => place[key]).join(", ");
}

/** The report of the repeat whose value is nearest to the one shown. */
function toNearestHref({ runs, figures }: MatrixCell, key: string, toHref: ToHref): string | undefined {
  const run = runs[figures[key]?.nearest ?? 0];
  return run && toHref(run);
}

/** "TTFT median: lowest 12 ms (model A), highest 80 ms (model B)." */
function describe(
  cells: readonly MatrixCell[],
  measure: Measure,
  name: (cell: MatrixCell) => string,
): string {
  const known = cells.flatMap((cell) => {
    const figure = cell.figures[measure.key];
    return figure === undefined ? [] : [{ cell, figure }];
  });
  const sorted = known.sort((a, b) => a.figure.median - b.figure.median);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return `${toTitle(measure)}: no run has it.`;
  const say = ({ cell, figure }: typeof first) => {
    const where = name(cell);
    return `${toFullText(figure, measure.unit)}${where === "" ? "" : ` (${where})`}`;
  };
  if (first.figure.median === last.figure.median)
    return `${toTitle(measure)}: ${toFullText(first.figure, measure.unit)} everywhere.`;
  return `${toTitle(measure)}: lowest ${say(first)}, highest ${say(last)}.`;
}
