// How the values of a side are spread, as few enough points for a small file: what the charts lay over each other.
import { toQuantile } from "../../statistics/quantile.ts";
import type { RunBlocks } from "./run-blocks.ts";
import { CURVE_KEYS, CURVE_SHARES, type CurveKey, type Side } from "./side.ts";

export type CurveValues = { [K in CurveKey]?: Float64Array };

export function readCurveValues(blocks: RunBlocks): CurveValues {
  return Object.fromEntries(
    CURVE_KEYS.flatMap((key) => {
      const found = blocks.toValues(key);
      return found === undefined ? [] : [[key, found.values]];
    }),
  );
}

/** The values of all runs together at each of CURVE_SHARES. */
export function toCurves(runs: readonly CurveValues[]): Side["curves"] {
  const curves: Side["curves"] = {};
  for (const key of CURVE_KEYS) {
    const parts = runs.flatMap((run) => run[key] ?? []);
    const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      all.set(part, offset);
      offset += part.length;
    }
    if (all.length === 0) continue;
    const sorted = all.sort();
    curves[key] = CURVE_SHARES.map((share) => toQuantile(sorted, share) as number);
  }
  return curves;
}
