// The figures of a matrix, in the order of its columns.
import type { Ends } from "../../../lib/core/ends.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { type FigureKey, findFigure, type Measured, SHOWN } from "../../summary/figures.ts";

export interface Measure {
  figure: FigureKey;
  /** In JSON and, as snake case, in CSV: `ttftMedian`, `outputTokensPerSecond`. */
  key: string;
  /** "TTFT median", "output tokens/s": in a heading or a sentence. */
  label: string;
  unit: Unit;
  better: "lower" | "higher";
  of: (measured: Measured) => number | undefined;
  /** The ends of a value that is known only as a range. */
  endsOf: (measured: Measured) => Ends | undefined;
}

/** Tables omit those that no run has. */
export const MEASURES: readonly Measure[] = SHOWN.matrix.map((figureKey) => {
  const { title, short, unit, better = "lower", of, endsOf } = findFigure(figureKey);
  const isStatistic = figureKey.includes(".");
  return {
    figure: figureKey,
    key: toMeasureKey(figureKey),
    label: isStatistic ? title : short,
    unit,
    better,
    of,
    endsOf,
  };
});

/** "ttft.median" → "ttftMedian". */
export function toMeasureKey(key: FigureKey): string {
  return key.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
}
