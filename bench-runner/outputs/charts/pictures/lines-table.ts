// The numbers of a chart of lines as texts: of one point, and of all points as a table.
import type { LinePoint, LinesChart } from "../chart-spec.ts";
import { formatIn, formatOverTime, isKnown } from "./axis-numbers.ts";
import type { ChartTable } from "./picture.ts";

/** "12.1 ms (10.0 ms to 14.2 ms)", "" where there is no value. */
export function toText({ y, isReadAcross }: LinesChart, point: LinePoint | undefined): string {
  if (!isKnown(point?.y)) return "";
  if (isReadAcross) return formatOverTime(y.unit, point.y);
  const value = formatIn(y.unit, point.y);
  if (!isKnown(point.low) || !isKnown(point.high)) return value;
  return `${value} (${formatIn(y.unit, point.low)} to ${formatIn(y.unit, point.high)})`;
}

/** One column a line where they share their positions or are read across, else one row a point. */
export function toLinesTable(chart: LinesChart): ChartTable {
  const { x, y, series } = chart;
  const toPosition = (at: number) => formatIn(x.unit, at - (x.interval ?? 0) / 2);
  const toCell = (point: LinePoint | undefined) => {
    const text = toText(chart, point);
    return point?.href === undefined || text === "" ? text : { text, href: point.href };
  };
  if (!chart.isReadAcross && !haveSharedPositions(chart)) {
    return {
      columns: ["", "label", x.title, y.title],
      rows: series.flatMap(({ name, points }) =>
        points.map((point) => [name, point.label ?? "", toPosition(point.x), toCell(point)]),
      ),
    };
  }
  const rows = [...toSharedRows(chart), ...toExactRows(chart)]
    .sort((a, b) => a.from - b.from)
    .map(({ from, points }) => [formatIn(x.unit, from), ...points.map(toCell)]);
  return {
    columns: [x.column ?? x.title, ...series.map(({ name }) => name)],
    rows: chart.isReadAcross ? rows.filter((cells) => cells.slice(1).some((cell) => cell !== "")) : rows,
  };
}

interface TableRow {
  from: number;
  /** A point of each series. */
  points: (LinePoint | undefined)[];
}

/** One row a position. */
function toSharedRows(chart: LinesChart): TableRow[] {
  const series = chart.series.map((one) => (one.isExact ? { ...one, points: [] } : one));
  const byPosition = series.map(({ points }) => new Map(points.map((point) => [point.x, point])));
  return toPositions({ ...chart, series }).map((at) => ({
    from: at - (chart.x.interval ?? 0) / 2,
    points: byPosition.map((points) => points.get(at)),
  }));
}

/** One row a point, as several may have the same moment. */
function toExactRows({ series }: LinesChart): TableRow[] {
  return series.flatMap(({ isExact, points }, at) =>
    isExact
      ? points.map((point) => ({
          from: point.x,
          points: series.map((_, other) => (other === at ? point : undefined)),
        }))
      : [],
  );
}

function toPositions({ series }: LinesChart): number[] {
  return [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
}

function haveSharedPositions(chart: LinesChart): boolean {
  const { series } = chart;
  const positions = toPositions(chart);
  return (
    series.length > 1 &&
    series.every(({ points }) => new Set(points.map(({ x }) => x)).size === points.length) &&
    series.some(({ points }) => points.length === positions.length) &&
    series.every(({ points }) => points.every(({ label }) => label === undefined))
  );
}
