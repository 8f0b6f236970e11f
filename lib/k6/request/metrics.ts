// Adds the samples of a request to k6's metrics, each with the tags and the verdict.
import sse from "k6/x/sse";
import type { LoadOptions } from "../../core/options/options.ts";
import type { DerivedMetrics, RequestMetrics } from "../../core/request/request-metrics.ts";
import { type SampleKey, sampleAt } from "../../core/request/sample.ts";
import { loadPart } from "../parts.ts";

/** `gapsMs` are the gaps between tokens that are not in k6's metric already. */
export type AddMetrics = (
  metrics: DerivedMetrics | RequestMetrics,
  gapsMs: readonly number[],
  tags: Record<string, string>,
) => void;

/** For the init context. @param samples see ClientSettings */
export function createAddMetrics(samples: readonly SampleKey[], load: LoadOptions): AddMetrics {
  const push = sse.samples;
  if (push === undefined) return loadPart("open-stream").createK6Metrics(load);
  return (metrics, _, tags) => {
    push(
      samples.map((key) => sampleAt(key, metrics)),
      { ...tags, verdict: metrics.verdict },
    );
  };
}
