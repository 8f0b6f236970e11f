// The groups of requests as tables for every output: name, counts, times, tokens, cached share.
import type { Unit } from "../../../lib/core/units.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { ESTIMATED_LEGEND, ESTIMATED_SIGN, isEstimated } from "../../summary/estimated.ts";
import { type FigureKey, findFigure, toMeasured } from "../../summary/figures.ts";
import { hasRange, showNumber } from "../../summary/show-figure.ts";
import type { Group, Summary } from "../../summary/summary.ts";
import type { Cell, Column, Table } from "../table/table.ts";

interface GroupColumn extends Column {
  of: (group: Group) => Cell;
}

/** @param rank a narrow terminal drops the columns with the lowest rank first */
function toColumn(title: string, unit: Unit, of: GroupColumn["of"], rank?: number): GroupColumn {
  return { title, unit, align: "right", of, ...(rank !== undefined && { rank }) };
}

function toFigureColumn(key: FigureKey, rank?: number, title?: string): GroupColumn {
  const { short, unit, of } = findFigure(key);
  const show = (group: Group) => {
    const measured = toMeasured(group);
    if (isEstimated(key, group)) {
      const text = showNumber(key, measured);
      return text === "" ? undefined : { text, mark: ESTIMATED_SIGN };
    }
    return hasRange(key, measured) ? showNumber(key, measured) : of(measured);
  };
  return toColumn(title ?? short, unit, show, rank);
}

/** Without the name, in the order of the table. */
const COLUMNS: readonly GroupColumn[] = [
  toColumn("requests", "count", ({ requests }) => requests),
  toFigureColumn("success", 7, "ok %"),
  toFigureColumn("ttft.median"),
  toFigureColumn("ttft.p95", 6),
  toFigureColumn("tpot.median", 8),
  toFigureColumn("e2e.median", 5),
  toFigureColumn("e2e.p95", 2),
  toFigureColumn("promptTokens.mean", 3, "in"),
  toFigureColumn("completionTokens.mean", 4, "out"),
  toColumn("cached %", "share", ({ tokens: { prompt, cached } }) =>
    prompt && cached !== undefined ? cached / prompt : undefined,
  ),
  toFigureColumn("truncated", 1, "cut %"),
];

export interface GroupTable extends Table {
  title: string;
}

/** The meaning of the columns and signs, shown under the tables. */
export function toGroupLegend({ groups = {} }: Summary): string {
  const all = Object.values(groups).flat();
  return all.some(({ tokens }) => tokens.estimatedRequests > 0)
    ? `${GROUP_LEGEND}; ${ESTIMATED_LEGEND}`
    : GROUP_LEGEND;
}

const GROUP_LEGEND =
  "times in ms; in and out: mean number of tokens; cached: share of the prompt tokens; cut: cut off by the token limit";

export function toGroupTables({ groups }: Summary): GroupTable[] {
  return [
    ...(groups?.server ? [toTable("By server", groups.server)] : []),
    ...(groups?.task ? [toTable("By task", groups.task)] : []),
    ...(groups?.turn ? [toTable("By turn", groups.turn)] : []),
  ];
}

/** The table with the columns that at least one group has a value for. */
function toTable(title: string, groups: readonly Group[]): GroupTable {
  const columns = COLUMNS.filter(({ of }) => groups.some((group) => of(group) !== undefined));
  return {
    title,
    columns: [{ title: "", short: title, leastWidth: title.length }, ...columns],
    rows: groups.map((group) => [toShownName(group.name), ...columns.map(({ of }) => of(group))]),
  };
}

/** A label can be any text: it is shown on one line, without control characters, and shortened to the length of a name. */
function toShownName(name: string): string {
  const characters = [...toPlainLine(name)];
  return characters.length > 24 ? `${characters.slice(0, 23).join("")}…` : characters.join("");
}
