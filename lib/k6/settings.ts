// What is worked out once a process and then the same for every client: options, metrics, thresholds.
import { SUMMARY_TREND_STATS } from "../core/console-summary.ts";
import type { LoadOptions } from "../core/options.ts";
import type { SampleKey } from "../core/sample.ts";
import { type Threshold, toThresholds } from "../core/thresholds.ts";
import { apiUrl, rootUrl } from "../core/url.ts";
import { readOptions } from "./config.ts";
import { configureExtension, scenarioMetrics } from "./scenario-metrics.ts";

/** What each client has of its own copy. */
export interface ClientSettings {
  /** Where requests go. */
  url: string;
  load: LoadOptions;
  /** What a client asks for to have its connection before the load begins; absent where it need not. */
  warmUrl?: string;
  /** Where the value of each metric is, in the order of `sse.samples`. */
  samples: SampleKey[];
}

/** The k6 options that every scenario has, whatever its load. */
export interface K6Options {
  thresholds: Record<string, Threshold[]>;
  summaryTrendStats: string[];
}

/** For the init context. @throws a text, which k6 prints as one line, when an option is unfit */
export function prepareSettings(): [ClientSettings, K6Options] {
  const load = readOptions();
  const samples = configureExtension(scenarioMetrics({ openLoop: false }), load);
  const warm = load.warmConnections ? { warmUrl: `${rootUrl(load.url)}/health` } : {};
  return [
    { url: apiUrl(load.url, "/chat/completions"), load, samples, ...warm },
    { thresholds: toThresholds(load), summaryTrendStats: SUMMARY_TREND_STATS },
  ];
}
