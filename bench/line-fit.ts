// The straight line through measured points. Pure.

export interface LineFit {
  /** Per unit of x. */
  slope: number;
  mean: number;
  /** What the line rises from the first point to the last, over the mean; 0 for a flat one. */
  rise: number;
}

/** Least squares. @param points [x, y], in the order of x; undefined below two of them */
export function fitLine(points: readonly (readonly [number, number])[]): LineFit | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const mean = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return undefined;
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0) / spread;
  return { slope, mean, rise: mean === 0 ? 0 : (slope * (last[0] - first[0])) / mean };
}
