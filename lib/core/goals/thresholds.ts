// The thresholds of a scenario: what makes k6 exit with 99.
import { METRICS } from "../request/metrics.ts";
import { VERDICTS, type Verdict } from "../request/verdict.ts";

export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval?: string };

/** Passes whatever the rate is. */
const ALWAYS_TRUE = "rate>=0";

/** What the success rate counts as a failure. */
export const FAILED_VERDICTS: readonly Verdict[] = VERDICTS.filter(
  (verdict) => !["interrupted", "aborted", "complete"].includes(verdict),
);

/** Name of the success rate's part with this verdict. */
export function verdictMetric(verdict: Verdict): string {
  return `${METRICS.success.k6Name}{verdict:${verdict}}`;
}

/** A threshold that decides nothing: it is there because k6 keeps a part of a metric only for a threshold on it. */
export function isForCountOnly(metric: string, rule: string): boolean {
  return rule === ALWAYS_TRUE && FAILED_VERDICTS.some((verdict) => metric === verdictMetric(verdict));
}

/**
 * k6 thresholds by metric name, with one that always passes for each verdict that fails a request (see `isForCountOnly`).
 *
 * A rate that nothing was added to passes every limit of k6, so a dead server, or one whose answers the end of the run
 * cut off, would pass. A counter is 0 then: that of the completed requests' tokens must be above it.
 * @param truncatedLimit share from 0 to 1; 1 sets no limit
 * @param others further ones, see requirement-threshold.ts
 * @param measuresAll false where there is a warm-up or a cool-down, which no threshold is to judge
 */
export function toThresholds({
  truncatedLimit,
  measuresAll = true,
  others = {},
}: {
  truncatedLimit: number;
  measuresAll?: boolean;
  others?: Readonly<Record<string, Threshold[]>>;
}): Record<string, Threshold[]> {
  const judged = (metric: string) => (measuresAll ? metric : `${metric}{phase:measure}`);
  const thresholds = { ...others };
  const add = (metric: string, threshold: Threshold) => {
    thresholds[metric] = [threshold, ...(thresholds[metric] ?? [])];
  };
  add(judged(METRICS.completionTokensTotal.k6Name), "count>0");
  if (truncatedLimit < 1) {
    add(judged(METRICS.truncated.k6Name), {
      threshold: `rate<${truncatedLimit}`,
      abortOnFail: true,
      delayAbortEval: "1m",
    });
  }
  for (const verdict of FAILED_VERDICTS) add(verdictMetric(verdict), ALWAYS_TRUE);
  return thresholds;
}
