// Equal intervals of a run's time: what every chart over time is drawn on.

const STEPS_SECONDS = [
  0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400,
];
const MOST_INTERVALS = 240;
/** Coarser than needed only where an interval has few requests, and never below this many intervals. */
const FEWEST_INTERVALS = 60;
const ENOUGH_REQUESTS = 4;

/** `count` intervals of `stepMs` from `originMs` on, the first start of a request; the last one may be partly covered. */
export interface TimeGrid {
  originMs: number;
  stepMs: number;
  count: number;
  /** The last end of a request. */
  endMs: number;
}

/**
 * The finest grid of round steps with at most 240 intervals; coarser, down to 60 intervals, while there are fewer than
 * four requests an interval: medians of one value each would only show noise.
 * @param span from the first start to the last end of any request; undefined where there was none: no interval
 */
export function toTimeGrid(span: { fromMs: number; toMs: number } | undefined, requests: number): TimeGrid {
  if (span === undefined) return { originMs: 0, stepMs: 1000, count: 0, endMs: 0 };
  const spanMs = Math.max(0, span.toMs - span.fromMs);
  const countOf = (stepSeconds: number) => Math.max(1, Math.ceil(spanMs / (stepSeconds * 1000)));
  const fine = STEPS_SECONDS.filter((step) => countOf(step) <= MOST_INTERVALS);
  // A load test of years would need more steps than there are.
  let step = fine[0] ?? spanMs / 1000 / MOST_INTERVALS;
  for (const coarser of fine.slice(1)) {
    if (requests >= ENOUGH_REQUESTS * countOf(step) || countOf(coarser) < FEWEST_INTERVALS) break;
    step = coarser;
  }
  return { originMs: span.fromMs, stepMs: step * 1000, count: countOf(step), endMs: span.toMs };
}

/** The interval of a moment; moments outside belong to the first and the last one, so that sums stay whole. */
export function toInterval({ originMs, stepMs, count }: TimeGrid, atMs: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((atMs - originMs) / stepMs)));
}

/** The middle of each interval, in seconds since the origin. */
export function toMiddles({ stepMs, count }: TimeGrid): number[] {
  return Array.from({ length: count }, (_, index) => ((index + 0.5) * stepMs) / 1000);
}
