// The figure of several repeats of a run with its error: from what the repeats themselves differ by.
import { deviation, mean } from "d3-array";
import type { Estimate } from "../../statistics/estimate.ts";

/**
 * Welch's: the standard error of the mean of `figures`, one degree of freedom less than there are.
 * @param figures of each repeat; two or more
 * @param trials of a share: requests of all repeats together
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
 * One run beside a side with repeats. What happens inside a run does not tell how much the next one differs: the one
 * run is taken to vary as the repeats do.
 * @param figure of the one run
 * @param count how many repeats the other side has
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
