// The figure of several repeats with its error, from the variation between the repeats.
import { deviation, mean } from "d3-array";
import type { Estimate } from "../../statistics/estimate.ts";

/**
 * The standard error of the mean of `figures`, as in Welch's test: one degree of freedom less than there are figures.
 * @param figures one per repeat; two or more
 * @param trials for a share: requests of all repeats together
 */
export function estimateRepeats(figures: readonly number[], isShare: boolean, trials?: number): Estimate {
  if (isShare) {
    const error = (deviation(figures) as number) / Math.sqrt(figures.length);
    return {
      value: mean(figures) as number,
      error: { below: error, above: error, degrees: figures.length - 1 },
      ...(trials !== undefined && { trials }),
    };
  }
  if (figures.some((figure) => !(figure > 0))) {
    return { value: mean(figures) as number, reason: "a figure of 0 has no ratio" };
  }
  const logarithms = figures.map(Math.log);
  const error = (deviation(logarithms) as number) / Math.sqrt(figures.length);
  return {
    value: Math.exp(mean(logarithms) as number),
    error: { below: error, above: error, degrees: figures.length - 1 },
  };
}

/**
 * A single run against a side with repeats. Variation within a run does not predict the variation between runs, so the
 * single run is assumed to vary as the repeats do.
 * @param figure of the single run
 * @param count repeats of the other side
 */
export function borrowError(
  figure: number,
  { error }: Estimate,
  count: number,
  isShare: boolean,
  trials?: number,
): Estimate {
  if (!isShare && !(figure > 0)) return { value: figure, reason: "a figure of 0 has no ratio" };
  if (error === undefined) return { value: figure, reason: "the other side's repeats have no error" };
  const one = error.below * Math.sqrt(count);
  return {
    value: figure,
    error: { below: one, above: one, degrees: error.degrees, borrowed: true },
    ...(trials !== undefined && { trials }),
  };
}
