// The trends that only a summary shows, one row each; with the rows of metric-table.ts they are all there are.

import type { Unit } from "../units.ts";
import { METRICS, type Metric } from "./metric-table.ts";
import type { RequestDetails } from "./request-details.ts";
import type { SampleKey } from "./sample.ts";

export interface Detail {
  unit: Unit;
  of: (details: RequestDetails) => number | undefined;
}

export const DETAILS = {
  connect: { unit: "ms", of: (d) => d.connectMs },
  tokensPerSecondPerUser: { unit: "tokens/s", of: (d) => d.tokensPerSecondPerUser },
  uncachedPromptTokensPerSecond: { unit: "tokens/s", of: (d) => d.uncachedPromptTokensPerSecond },
  serverPromptTokensPerSecond: { unit: "tokens/s", of: (d) => d.serverPromptTokensPerSecond },
  serverPredictedTokensPerSecond: { unit: "tokens/s", of: (d) => d.serverPredictedTokensPerSecond },
  tokensPerEvent: { unit: "ratio", of: (d) => d.tokensPerEvent },
  readsPerEvent: { unit: "ratio", of: (d) => d.readsPerEvent },
  inputTokens: { unit: "tokens", of: (d) => d.inputTokens },
} as const satisfies Record<string, Detail>;

export type TrendKey = keyof typeof METRICS | keyof typeof DETAILS;

/** Every trend that a summary has statistics of, complete requests only: k6's (without second names), then the others. */
export const SUMMARY_TRENDS: { key: TrendKey; unit: Unit; of: (d: RequestDetails) => number | undefined }[] =
  [
    ...Object.entries<Metric>(METRICS)
      .filter(([, metric]) => metric.type === "trend" && !metric.alias && metric.of !== undefined)
      .map(([key, metric]) => ({
        key: key as TrendKey,
        unit: metric.unit,
        of: (d: RequestDetails) => d[metric.of as SampleKey] as number | undefined,
      })),
    ...Object.entries<Detail>(DETAILS).map(([key, detail]) => ({ key: key as TrendKey, ...detail })),
  ];
