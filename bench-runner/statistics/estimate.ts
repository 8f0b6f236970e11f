// A figure with its uncertainty, by which the sides of a comparison are compared. Plain data, stored in baselines.

export interface Estimate {
  /** The figure of one run, or the mean of repeats: geometric, except for shares. */
  value: number;
  /** One standard error to each side; absent if unknown; `reason` then explains why. */
  error?: StandardError;
  /** For a share, the equivalent number of independent requests: 100 of 100 is not certainty. */
  trials?: number;
  reason?: string;
}

/**
 * In shares for a share; for every other figure on its natural logarithm, which makes it approximately relative.
 * For a percentile, the error above is larger than the one below.
 */
export interface StandardError {
  below: number;
  above: number;
  /** Degrees of freedom. */
  degrees: number;
  /** The figure is of one run, the error of the repeats on the other side. */
  borrowed?: true;
}

/** The fewest requests for an interval from one run. */
export const FEWEST_REQUESTS = 30;

export const TOO_FEW = "too few requests for an interval";
