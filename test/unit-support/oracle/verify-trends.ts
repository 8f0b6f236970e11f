// Statistics and histograms of the requests' metrics, recomputed from the lines of a journal for verify-summary.ts.
import { sum } from "simple-statistics";
import type { Summary } from "../../../bench-runner/summary/summary.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { REQUEST_TRENDS } from "../../../lib/core/request/trends.ts";
import { endsOf, FORMULAS, hasRange } from "./verify-formulas.ts";
import { putCertified, putStatistics } from "./verify-statistics.ts";

type Numbers = Record<string, number>;

/** In place of what has no upper end: the libraries cannot calculate with Infinity. */
const NO_LIMIT = 1e150;
type Histograms = NonNullable<Summary["histograms"]>;

/** The metrics with certified percentiles: declared, not derived. */
const CERTIFIED = REQUEST_TRENDS.filter(({ about }) => about.certified).map(({ key }): string => key);

/** The statistics of complete requests: "PATH.ttft.p90" and so on. @param isCertified with the certified percentiles */
export function putTrends(found: Numbers, path: string, complete: RequestLine[], isCertified = false): void {
  for (const [key, formula] of Object.entries(FORMULAS)) {
    const values = valuesOf(complete, formula);
    const isCertain = isCertified && CERTIFIED.includes(key);
    putStatistics(found, `${path}.${key}`, values);
    if (isCertain) putCertified(found, `${path}.${key}`, values);
    putRange(found, `${path}.${key}`, complete, formula, isCertain);
  }
  const gaps = complete.flatMap((line) => [
    ...(line.gapsUs ?? []).filter(
      (_, index) => !line.uncertainGaps?.some(([first, count]) => index >= first && index < first + count),
    ),
    ...(line.gapHistogramUs ?? []).flatMap(([gap, count]) => new Array<number>(count).fill(gap)),
  ]);
  putStatistics(
    found,
    `${path}.itl`,
    gaps.map((gap) => gap / 1000),
  );
}

/**
 * The same statistics at the lower and at the upper end of every value, for values of which at least one has two. The
 * deviation stays only where both ends have nearly the same.
 */
function putRange(
  found: Numbers,
  path: string,
  lines: RequestLine[],
  formula: (line: RequestLine) => number | undefined,
  isCertified: boolean,
): void {
  if (!lines.some(hasRange)) return;
  const ends = lines.flatMap((line) => {
    const own = formula(line);
    if (own === undefined || !Number.isFinite(own)) return [];
    const values = endsOf(line)
      // Nothing over a time that may be 0 has no limit, either.
      .map((at) => formula(at) ?? Number.NaN)
      .map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value))
      .map((value) => Math.min(value, NO_LIMIT));
    return [{ own, lower: Math.min(own, ...values), upper: Math.max(own, ...values) }];
  });
  if (ends.every(({ lower, upper }) => lower === upper)) return;
  const deviations: number[] = [];
  for (const end of ["lower", "upper"] as const) {
    const values = ends.map((each) => each[end]);
    const own: Numbers = {};
    putStatistics(own, "of", values);
    if (isCertified) putCertified(own, "of", values);
    const hasLimits = values.every((value) => value < NO_LIMIT);
    deviations.push((hasLimits ? own["of.standardDeviation"] : undefined) ?? Number.NaN);
    for (const [key, value] of Object.entries(own)) {
      const name = key.slice("of.".length);
      const isLeftOut = name === "count" || name === "standardDeviation" || Math.abs(value) > NO_LIMIT / 1e9;
      if (!isLeftOut) found[`${path}.range.${end}.${name}`] = value;
    }
  }
  const [a = 0, b = 0] = deviations;
  const mean = found[`${path}.mean`] ?? 0;
  if (!(Math.abs(a - b) <= Math.max(0.05 * Math.max(a, b), 1e-12 * mean)))
    delete found[`${path}.standardDeviation`];
}

function valuesOf(lines: RequestLine[], formula: (line: RequestLine) => number | undefined): number[] {
  return lines.flatMap((line) => formula(line) ?? []).filter((value) => Number.isFinite(value));
}

/** Counts between the given edges; the edges follow from the logarithms of the smallest and the largest value. */
export function putHistograms(
  found: Numbers,
  complete: RequestLine[],
  told: Partial<Histograms> | undefined,
): void {
  for (const key of ["ttft", "e2e"] as const) {
    const values = valuesOf(complete, FORMULAS[key] as (line: RequestLine) => number | undefined);
    if (values.length === 0) continue;
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const bins = told?.[key]?.bins ?? [];
    const edge = (index: number) =>
      low > 0
        ? Math.exp(Math.log(low) + (Math.log(high / low) * index) / bins.length)
        : low + ((high - low) * index) / bins.length;
    for (const [index, [from, to]] of bins.entries()) {
      const isLast = index === bins.length - 1;
      const inside = values.filter((value) => value >= from && (isLast ? value <= to : value < to));
      const path = `histograms.${key}.bins.${index}`;
      Object.assign(found, {
        [`${path}.0`]: edge(index),
        [`${path}.1`]: edge(index + 1),
        [`${path}.2`]: inside.length,
      });
    }
    found[`histograms.${key}.values`] = values.length;
    found[`histograms.${key}.number`] = countBins(low, high, values.length, bins.length);
  }
}

/** Rice's rule; values that differ only in their last digits are in one bin, by the given border. */
function countBins(low: number, high: number, values: number, told: number): number {
  const bins = Math.min(20, Math.ceil(2 * values ** (1 / 3) - 1e-9));
  const digits = (high - low) / (Math.abs(high) * Number.EPSILON || 1);
  if (digits > 4 * bins) return bins;
  return digits > bins / 4 && told === bins ? bins : 1;
}

/** Also the number of bins, and of the values in all of them. */
export function toCounted(histograms: Histograms): object {
  return Object.fromEntries(
    Object.entries(histograms).map(([key, { bins }]) => [
      key,
      { bins, number: bins.length, values: sum(bins.map(([, , count]) => count)) },
    ]),
  );
}
