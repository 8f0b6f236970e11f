// The thresholds of a scenario: what makes k6 exit with 99.
import { METRICS } from "./metric-table.ts";

export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval?: string };

/**
 * k6 thresholds by metric name.
 *
 * A truncation rate over nothing passes its limit, so a dead server would too: the success rate, which is 0 for k6
 * when nothing was added to it, must be above 0 as well.
 * @param truncatedLimit share from 0 to 1; 1 sets no limit
 */
export function toThresholds(options: { truncatedLimit: number }): Record<string, Threshold[]> {
  const thresholds: Record<string, Threshold[]> = { [METRICS.success.k6Name]: ["rate>0"] };
  if (options.truncatedLimit < 1) {
    thresholds[METRICS.truncated.k6Name] = [
      { threshold: `rate<${options.truncatedLimit}`, abortOnFail: true, delayAbortEval: "1m" },
    ];
  }
  return thresholds;
}
