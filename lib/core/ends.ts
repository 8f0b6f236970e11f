// A value that is known only as a range: its two ends, and when they are too far apart for one number.

/** The ends between which a value lies; without `upper` it has no limit. */
export interface Ends {
  lower: number;
  upper?: number;
}

/** From this relative difference on, the ends are shown instead of one number. */
export const WIDE = 0.05;

/** Whether the ends are too far apart for one number. */
export function isWide({ lower, upper }: Ends): boolean {
  return upper === undefined || (lower < upper && upper - lower > WIDE * Math.abs(upper));
}
