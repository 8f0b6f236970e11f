// Which cell has the best figure of each column: among cells with the same load if there are several, otherwise among all. Pure.
import type { Ends } from "../../../lib/core/ends.ts";
import { LOAD_DIMENSIONS } from "./dimensions.ts";
import type { MatrixCell, Varying } from "./matrix-types.ts";
import type { Measure } from "./measures.ts";
import type { MatrixRun } from "./read-runs.ts";

/** Below this success rate a run may be fast because its requests failed. */
export const LEAST_SUCCESS = 0.99;

/** Fills `best` of the cells. A partial run is never best; a run that failed many requests only in shares. */
export function markBest(
  cells: readonly MatrixCell[],
  measures: readonly Measure[],
  varying: readonly Varying[],
): void {
  const groups = isBestOfLoad(cells, varying)
    ? [...Map.groupBy(cells, (cell) => toLoadKey(cell, varying)).values()]
    : [cells];
  for (const group of groups) {
    const whole = group.filter((cell) => toCounted(cell).every(({ summary }) => !summary.run.partial));
    for (const { key, better, unit } of measures) {
      const candidates = unit === "share" ? whole : whole.filter(isSuccessful);
      const values = candidates.flatMap(({ figures }) => figures[key]?.median ?? []);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      // All equal: none is better.
      if (values.length < 2 || low === high) continue;
      const best = better === "lower" ? low : high;
      if (candidates.some((cell) => mayBeat(cell.figures[key]?.ends, best, better))) continue;
      for (const cell of candidates) if (cell.figures[key]?.median === best) cell.best.push(key);
    }
  }
}

/** Whether a figure that is known only as a range may be as good as the best: then none is. */
function mayBeat(ends: Ends | undefined, best: number, better: "lower" | "higher"): boolean {
  if (ends === undefined) return false;
  return better === "lower" ? ends.lower <= best : (ends.upper ?? Number.POSITIVE_INFINITY) >= best;
}

function toCounted({ runs, counted }: MatrixCell): MatrixRun[] {
  return runs.slice(0, counted);
}

function isSuccessful(cell: MatrixCell): boolean {
  return toCounted(cell).every(({ summary }) => (summary.rates.success ?? 0) >= LEAST_SUCCESS);
}

/** Whether the best of a column is chosen among cells with the same load: one client always waits less than thirty. */
export function isBestOfLoad(cells: readonly MatrixCell[], varying: readonly Varying[]): boolean {
  return (
    varying.some(({ key }) => LOAD_DIMENSIONS.includes(key)) &&
    [...Map.groupBy(cells, (cell) => toLoadKey(cell, varying)).values()].some((group) => group.length > 1)
  );
}

function toLoadKey({ place }: MatrixCell, varying: readonly Varying[]): string {
  return JSON.stringify(
    varying.filter(({ key }) => LOAD_DIMENSIONS.includes(key)).map(({ key }) => place[key]),
  );
}
