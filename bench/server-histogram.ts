// What a server's own histogram says of one run: the bucket in which a percentile lies.
import { parsePrometheusText } from "../bench-runner/servers/metrics/prometheus-text.ts";

/** Numbers of observations up to each bound, over all label sets, in the order of the bounds. */
export type Histogram = ReadonlyMap<number, number>;

/** @param text in Prometheus' text format @param name without `_bucket` */
export function readHistogram(text: string, name: string): Histogram {
  const counts = new Map<number, number>();
  for (const sample of parsePrometheusText(text)) {
    if (sample.name !== `${name}_bucket`) continue;
    const le = sample.labels.find(([label]) => label === "le")?.[1];
    if (le === undefined) continue;
    const bound = le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le);
    counts.set(bound, (counts.get(bound) ?? 0) + sample.value);
  }
  return new Map([...counts].toSorted(([a], [b]) => a - b));
}

/**
 * @param share 0.99 for the 99th percentile
 * @param before the same histogram at the start, which does not count
 * @returns the bucket that holds it: above, up to (Infinity for the last one); NaN twice where nothing was observed
 */
export function toBucket(after: Histogram, share: number, before: Histogram): [above: number, upTo: number] {
  const counts = [...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const);
  const total = counts.at(-1)?.[1] ?? 0;
  if (total === 0) return [Number.NaN, Number.NaN];
  const at = counts.findIndex(([, count]) => count >= share * total);
  return [counts[at - 1]?.[0] ?? 0, counts[at]?.[0] as number];
}
