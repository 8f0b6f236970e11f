// The sentences around a matrix: its title, the meaning of its marks, what to know before comparing. Pure.
import { formatValue } from "../../../lib/core/units.ts";
import { ESTIMATED_LEGEND } from "../../summary/estimated.ts";
import { isBestOfLoad, LEAST_SUCCESS } from "./best-figures.ts";
import { describeGaps } from "./matrix-table.ts";
import type { Matrix } from "./matrix-types.ts";
import { toRemarks } from "./notes.ts";

/** "6 runs: 3 models, 2 servers". */
export function toTitle({ varying, cells }: Matrix): string {
  const runs = new Set(cells.flatMap((cell) => cell.runs.map(({ folder }) => folder))).size;
  const sides = varying.map(({ label, values: { length } }) =>
    label.endsWith("s") ? `${length} × ${label}` : `${length} ${label}s`,
  );
  return `${runs} ${runs === 1 ? "run" : "runs"}${sides.length === 0 ? "" : `: ${sides.join(", ")}`}`;
}

/** "model Qwen2.5 · server llama-server b10068": what all runs share; "" if nothing. */
export function toFixedText({ fixed }: Matrix): string {
  return fixed.map(({ label, value }) => `${label} ${value}`).join(" · ");
}

/** Below the table: what the numbers are. */
export function toLegend({ cells, varying }: Matrix): string[] {
  const hasRepeats = cells.some(({ runs }) => runs.length > 1);
  const among = isBestOfLoad(cells, varying) ? " among runs of the same load" : "";
  const successful = `with a success rate of at least ${formatValue(LEAST_SUCCESS, "share")}`;
  return [
    ...(cells.some((cell) => cell.best.length > 0)
      ? [`* best of its column${among}, complete runs ${successful}`]
      : []),
    ...(cells.some(({ figures }) => Object.values(figures).some((figure) => figure?.estimated))
      ? [ESTIMATED_LEGEND]
      : []),
    ...(hasRepeats ? ["Repeats: the median, and the range if there is room."] : []),
  ];
}

/** Remarks on machines and builds, gaps, and the notes of the marks. */
export function toNoteTexts(matrix: Matrix): { mark?: string; text: string }[] {
  const gaps = describeGaps(matrix);
  return [
    ...toRemarks(matrix.cells.flatMap(({ runs }) => runs)).map((text) => ({ text })),
    ...(gaps === undefined ? [] : [{ text: gaps }]),
    ...matrix.notes.flatMap(({ mark, text }) => (mark === undefined ? [{ text: `All: ${text}` }] : [])),
    ...matrix.notes.flatMap(({ mark, text }) => (mark === undefined ? [] : [{ mark, text }])),
  ];
}
