// The time to first token by the null server's own log.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { toQuantile } from "../../bench-runner/statistics/quantile.ts";

/** In ms, from a request's first byte to its first token. */
export async function readServerTtft(log: string): Promise<{ p50: number; p99: number }> {
  const values: number[] = [];
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const { firstByteUs, firstSentUs } = JSON.parse(line) as Record<string, number>;
    if (firstByteUs !== undefined && firstSentUs !== undefined)
      values.push((firstSentUs - firstByteUs) / 1000);
  }
  values.sort((a, b) => a - b);
  return { p50: toQuantile(values, 0.5) ?? Number.NaN, p99: toQuantile(values, 0.99) ?? Number.NaN };
}
