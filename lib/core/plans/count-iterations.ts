// How many iterations k6's scenarios come to.

/** A k6 scenario as k6 reports it: null and absent are the same. */
export interface K6Scenario {
  executor: string;
  vus?: number | null;
  iterations?: number | null;
}

/** The iterations of all scenarios together; undefined where one of them ends by time alone, or there are no scenarios. */
export function countIterations(scenarios: Readonly<Record<string, K6Scenario>>): number | undefined {
  let sum = 0;
  for (const { executor, vus, iterations } of Object.values(scenarios)) {
    if (!iterations) return undefined;
    sum += executor === "per-vu-iterations" ? iterations * (vus ?? 1) : iterations;
  }
  return sum === 0 ? undefined : sum;
}
