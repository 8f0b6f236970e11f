// A figure with how far it may be off: what two sides of a comparison are compared by. Plain data, as a baseline keeps it.

export interface Estimate {
  /** Of one run its figure; of repeats their mean: the geometric one, but of shares the plain one. */
  value: number;
  /** One standard error to each side; absent where it is not known, and then `reason` says why. */
  error?: StandardError;
  /** Of a share: how many independent requests it is worth, so that 100 of 100 is not taken for certain. */
  trials?: number;
  reason?: string;
}

/**
 * Of a share in shares; of every other figure of its natural logarithm, which makes it about a share of the figure.
 * A percentile's distance to what is above it is larger than to what is below.
 */
export interface StandardError {
  below: number;
  above: number;
  /** Degrees of freedom. */
  degrees: number;
  /** The figure is one run's, the error that of the other side's repeats. */
  borrowed?: true;
}

/** For an interval of one run, requests there must be at least. */
export const FEWEST_REQUESTS = 30;

export const TOO_FEW = "too few requests for an interval";
