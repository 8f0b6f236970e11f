// Quantiles of Student's t, by jStat.
/// <reference path="./jstat.d.ts" />
import jstat from "jstat";

const known = new Map<string, number>();

/**
 * Half the width of a two-sided interval, in standard errors: Student's t quantile at (1 + confidence) / 2.
 * @param confidence such as 0.95
 * @param degrees of freedom, above 0; need not be whole
 */
export function toStudentT(confidence: number, degrees: number): number {
  // jStat inverts by a search: a tenth of a degree is precise enough, and makes results reusable.
  const rounded = Math.max(0.1, Math.round(degrees * 10) / 10);
  const key = `${confidence} ${rounded}`;
  const found = known.get(key) ?? jstat.studentt.inv((1 + confidence) / 2, rounded);
  known.set(key, found);
  return found;
}
