// Equal intervals of a run's time, the x axis of every chart over time.

const STEPS_SECONDS = [
  0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400,
];
const MOST_INTERVALS = 240;
/** Intervals become coarser only if they hold few requests, and there are never fewer than this many. */
const FEWEST_INTERVALS = 20;
/** Percentiles of fewer values would only show noise. */
export const ENOUGH_REQUESTS = 10;
/** On average, so that hardly any interval has fewer than enough. */
const AIMED_REQUESTS = 20;

/** `count` intervals of `stepMs` from `originMs` on, the first start of a request; the last one may be partly covered. */
export interface TimeGrid {
  originMs: number;
  stepMs: number;
  count: number;
  /** The last end of a request. */
  endMs: number;
}

/** The intervals of a run's charts. */
export interface Grids {
  grid: TimeGrid;
  /** Coarser where requests are few: those that complete are counted in these. */
  countGrid: TimeGrid;
}

/**
 * The finest grid of round steps with at most 240 intervals; coarser, down to the fewest intervals, while there are fewer
 * than twenty requests per interval.
 * @param span from the first start to the last end of any request; undefined without requests, which gives no interval
 * @param fewest by default as many as a line over time needs; 1 where fewer requests would say nothing
 */
export function toTimeGrid(
  span: { fromMs: number; toMs: number } | undefined,
  requests: number,
  fewest = FEWEST_INTERVALS,
): TimeGrid {
  if (span === undefined) return { originMs: 0, stepMs: 1000, count: 0, endMs: 0 };
  const spanMs = Math.max(0, span.toMs - span.fromMs);
  const countOf = (stepSeconds: number) => Math.max(1, Math.ceil(spanMs / (stepSeconds * 1000)));
  const fine = STEPS_SECONDS.filter((step) => countOf(step) <= MOST_INTERVALS);
  // A load test that lasts years exceeds the largest step.
  let step = fine[0] ?? spanMs / 1000 / MOST_INTERVALS;
  for (const coarser of fine.slice(1)) {
    const count = countOf(step);
    if (count === 1 || requests >= AIMED_REQUESTS * count || countOf(coarser) < fewest) break;
    step = coarser;
  }
  return { originMs: span.fromMs, stepMs: step * 1000, count: countOf(step), endMs: span.toMs };
}

/** The interval of a moment; moments outside the grid belong to the first or the last one, so that sums stay complete. */
export function toInterval({ originMs, stepMs, count }: TimeGrid, atMs: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((atMs - originMs) / stepMs)));
}

/** The middle of each interval, in seconds since the origin. */
export function toMiddles({ stepMs, count }: TimeGrid): number[] {
  return Array.from({ length: count }, (_, index) => ((index + 0.5) * stepMs) / 1000);
}
