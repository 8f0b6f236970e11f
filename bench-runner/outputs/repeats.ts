// Several runs of the same load as one table: each headline figure for each run, their median and range. Pure.

import type { Ends } from "../../lib/core/ends.ts";
import { formatNumber, formatNumberEnds, formatValue, type Unit, unitSign } from "../../lib/core/units.ts";
import { wrapToWidth } from "../platform/terminal-text.ts";
import { toMedian } from "../statistics/quantile.ts";
import { CACHE_REMEDY, describeSpread, findCacheSpread, toCachedShare } from "../summary/cached-share.ts";
import { markEstimated } from "../summary/estimated.ts";
import { type FigureKey, findFigure, SHOWN } from "../summary/figures.ts";
import { hasRange, showNumber } from "../summary/show-figure.ts";
import type { Summary } from "../summary/summary.ts";
import { renderCsvTable } from "./table/csv-table.ts";
import { renderMarkdownTable } from "./table/markdown-table.ts";
import { type Table, toHeading } from "./table/table.ts";
import { renderTerminalTable } from "./table/terminal-table.ts";

const NONE = "No run was measured.";

export interface RepeatsOptions {
  /** Columns of the terminal. */
  width?: number;
  /** The throughput and nothing else. */
  throughputOnly?: boolean;
}

/** As many columns for runs as fit, with the median and the range of all. */
export function renderRepeats(
  summaries: readonly Summary[],
  { width = Number.POSITIVE_INFINITY, throughputOnly = false }: RepeatsOptions = {},
): string {
  if (summaries.length === 0) return NONE;
  const keys = throughputOnly ? SHOWN.throughput : SHOWN.repeats;
  const { lines, dropped } = renderTerminalTable(toTable(summaries, keys), { width });
  const [first] = dropped;
  const names = dropped.length === 1 ? first?.title : `${first?.title}…#${summaries.length}`;
  const left = first === undefined ? [] : [`${names}: see their folders`];
  const doubt = describeDoubt(summaries);
  return [
    ...lines,
    ...left,
    ...(doubt === undefined
      ? []
      : [...wrapToWidth(`! ${doubt}`, width), ...wrapToWidth(`→ ${CACHE_REMEDY}`, width)]),
  ].join("\n");
}

/** The same table in Markdown, with every run. */
export function renderRepeatsMarkdown(summaries: readonly Summary[]): string {
  if (summaries.length === 0) return NONE;
  const doubt = describeDoubt(summaries);
  const note = doubt === undefined ? [] : ["", `> **${doubt}** ${CACHE_REMEDY}`];
  return [renderMarkdownTable(toTable(summaries)), ...note].join("\n");
}

/** Repeats that did not do the same work: some found their prompts in the server's cache. */
function describeDoubt(summaries: readonly Summary[]): string | undefined {
  const spread = findCacheSpread(summaries.map(toCachedShare));
  return spread && `The repeats are not alike: ${describeSpread(spread, (index) => `#${index + 1}`)}`;
}

/** The same figures as CSV, with all digits that count: a row for each figure, a column for each run. */
export function renderRepeatsCsv(summaries: readonly Summary[]): string {
  const titles = ["figure", "unit", "median", "min", "max"];
  const runs = summaries.map((_, index) => `repeat_${index + 1}`);
  return renderCsvTable({
    columns: [...titles, ...runs].map((title) => ({ title })),
    rows: SHOWN.repeats.flatMap((key) => {
      const { unit, of } = findFigure(key);
      const values = summaries.map(of);
      const known = values.filter((value) => value !== undefined);
      if (known.length === 0) return [];
      const sign = unit === "share" ? "0 to 1" : unitSign(unit);
      return [[key, sign, toMedian(known), Math.min(...known), Math.max(...known), ...values]];
    }),
  });
}

/** A figure that a run lacks is an empty cell, and counts in neither median nor range. */
function toTable(summaries: readonly Summary[], keys: readonly FigureKey[] = SHOWN.repeats): Table {
  const isUneven = describeDoubt(summaries) !== undefined;
  const rows = keys.flatMap((key) => {
    const { title, unit, of, endsOf } = findFigure(key);
    const values = summaries.map(of);
    const known = values.filter((value) => value !== undefined);
    if (known.length === 0) return [];
    const range = `${formatNumber(Math.min(...known), unit)}…${formatNumber(Math.max(...known), unit)}`;
    const cells = summaries.map((summary) => showNumber(key, summary));
    const ends = summaries.flatMap((summary) => endsOf(summary) ?? toPoint(of(summary)));
    const isRange = summaries.some((summary) => hasRange(key, summary));
    const median = isRange ? showMedian(ends, unit) : formatNumber(toMedian(known), unit);
    const mark = summaries.map((summary) => markEstimated(key, summary)).find((text) => text !== "") ?? "";
    const doubt = isUneven && key === "cachedShare" ? "! " : "";
    return [[doubt + toHeading(title, unit) + mark, median, range, ...cells]];
  });
  return {
    columns: [
      { title: "" },
      { title: "median", align: "right" },
      { title: "range", align: "right" },
      // A narrow terminal drops the last run first.
      ...summaries.map((_, index) => ({
        title: `#${index + 1}`,
        align: "right" as const,
        rank: summaries.length - index,
      })),
    ],
    rows,
  };
}

const toPoint = (value: number | undefined): Ends[] =>
  value === undefined ? [] : [{ lower: value, upper: value }];

/** The median of values that are known only as ranges lies between the medians of their ends. */
function showMedian(ends: readonly Ends[], unit: Unit): string {
  const lower = toMedian(ends.map((end) => end.lower)) as number;
  const upper = toMedian(ends.map((end) => end.upper ?? Number.POSITIVE_INFINITY)) as number;
  return formatNumberEnds({ lower, ...(Number.isFinite(upper) && { upper }) }, unit);
}

/** The throughput alone, one figure per line. */
export function renderThroughput(summary: Summary): string {
  const rows = SHOWN.throughput.flatMap((key) => {
    const { title, unit, of } = findFigure(key);
    const value = of(summary);
    return value === undefined ? [] : [[title + markEstimated(key, summary), formatValue(value, unit)]];
  });
  if (rows.length === 0) return "No request was measured.";
  return renderTerminalTable({ columns: [{ title: "" }, { title: "", align: "right" }], rows }).lines.join(
    "\n",
  );
}
