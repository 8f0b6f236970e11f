// The thresholds of a scenario: what makes k6 exit with 99.
import { METRICS } from "./metric-table.ts";

export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval?: string };

/**
 * k6 thresholds by metric name.
 *
 * A rate that nothing was added to passes every limit of k6, so a dead server, or one whose answers the end of the run
 * cut off, would pass. A counter is 0 then: that of the completed requests' tokens must be above it.
 * @param truncatedLimit share from 0 to 1; 1 sets no limit
 */
export function toThresholds(options: { truncatedLimit: number }): Record<string, Threshold[]> {
  const thresholds: Record<string, Threshold[]> = { [METRICS.completionTokensTotal.k6Name]: ["count>0"] };
  if (options.truncatedLimit < 1) {
    thresholds[METRICS.truncated.k6Name] = [
      { threshold: `rate<${options.truncatedLimit}`, abortOnFail: true, delayAbortEval: "1m" },
    ];
  }
  return thresholds;
}
