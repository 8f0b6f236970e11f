// The groups of requests as tables for every rendering: who, how many, how fast, how long, what came from the cache.
import { formatNumber, type Unit } from "../../../lib/core/units.ts";
import type { Group, Summary } from "../../summary/summary.ts";

/** Without the name, in the order of the table. */
export const GROUP_COLUMNS = [
  "requests",
  "ok %",
  "TTFT p50",
  "TTFT p95",
  "TPOT p50",
  "E2E p50",
  "E2E p95",
  "in",
  "out",
  "cached %",
  "cut %",
] as const;
export type GroupColumn = (typeof GROUP_COLUMNS)[number];

export interface GroupTable {
  title: string;
  /** Those that at least one group has a value for. */
  columns: GroupColumn[];
  rows: { name: string; cells: { [C in GroupColumn]: string } }[];
}

/** What the columns are, under the tables. */
export const GROUP_LEGEND =
  "times in ms; in and out: tokens on average; cached: of the prompt tokens; cut: by the token limit";

export function toGroupTables({ groups }: Summary): GroupTable[] {
  return [
    ...(groups?.server ? [toTable("By server", groups.server)] : []),
    ...(groups?.task ? [toTable("By task", groups.task)] : []),
    ...(groups?.turn ? [toTable("By turn", groups.turn)] : []),
  ];
}

function toTable(title: string, groups: Group[]): GroupTable {
  const rows = groups.map((group) => ({ name: toShownName(group.name), cells: toCells(group) }));
  const columns = GROUP_COLUMNS.filter((column) => rows.some(({ cells }) => cells[column] !== ""));
  return { title, columns, rows };
}

function toCells({ requests, rates, tokens, metrics }: Group): { [C in GroupColumn]: string } {
  const { ttft, tpot, e2e, promptTokens, completionTokens } = metrics;
  const show = (value: number | undefined, unit: Unit) => formatNumber(value, unit);
  return {
    requests: show(requests, "count"),
    "ok %": show(rates.success, "share"),
    "TTFT p50": show(ttft?.median, "ms"),
    "TTFT p95": show(ttft?.p95, "ms"),
    "TPOT p50": show(tpot?.median, "ms"),
    "E2E p50": show(e2e?.median, "ms"),
    "E2E p95": show(e2e?.p95, "ms"),
    in: show(promptTokens?.mean, "tokens"),
    out: show(completionTokens?.mean, "tokens"),
    "cached %": show(tokens.prompt ? (tokens.cached ?? Number.NaN) / tokens.prompt : undefined, "share"),
    "cut %": show(rates.truncated, "share"),
  };
}

/** A label is any text: on one line, without what moves a terminal's cursor, and not longer than a name is. */
function toShownName(name: string): string {
  const text = name.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  const characters = [...text];
  return characters.length > 24 ? `${characters.slice(0, 23).join("")}…` : text;
}
