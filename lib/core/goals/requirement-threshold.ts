// Requirements as thresholds of k6, as far as k6 can judge them while it runs.

import { OptionError } from "../option-error.ts";
import { K6_METRICS } from "../request/k6-metrics.ts";
import type { Comparison, Requirement, StatisticName } from "./requirement.ts";
import type { Threshold } from "./thresholds.ts";

/** Not the deviation, which k6 does not have; not the count, which it has of counters only. */
const AGGREGATES: { readonly [S in StatisticName]?: string } = {
  min: "min",
  mean: "avg",
  median: "med",
  p90: "p(90)",
  p95: "p(95)",
  p99: "p(99)",
  max: "max",
};

const OPPOSITES: Readonly<Record<Comparison, Comparison>> = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "==": "!=",
  "!=": "==",
};

/** What ends a run early is looked at from then on: a rate over the first few requests says little. */
const ABORT_DELAY = "10s";

export interface K6Rule {
  metric: string;
  rule: string;
}

/**
 * The threshold that says the same; undefined where only the runner can judge it. k6 has no rates over time, no certified
 * values, and sorts all samples of a Trend every two seconds: those of the gaps between tokens are too many for that.
 * @param measuresAll false where there is a warm-up or a cool-down
 */
export function toK6Rule(requirement: Requirement, measuresAll: boolean): K6Rule | undefined {
  const { subject, statistic, certified, comparison, value } = requirement;
  const metric = K6_METRICS.find(({ key }) => key === subject);
  if (metric?.of === undefined || certified || metric.type === "counter") return undefined;
  const aggregate = metric.type === "rate" ? "rate" : statistic && AGGREGATES[statistic];
  if (aggregate === undefined) return undefined;
  const name = measuresAll ? metric.k6Name : `${metric.k6Name}{phase:measure}`;
  return { metric: name, rule: `${aggregate}${comparison}${value}` };
}

/** The threshold that fails, and with that ends the run, where the condition holds; undefined as above. */
export function toAbortRule(condition: Requirement, measuresAll: boolean): K6Rule | undefined {
  return toK6Rule({ ...condition, comparison: OPPOSITES[condition.comparison] }, measuresAll);
}

/**
 * The thresholds of requirements and of conditions that end the run, by metric.
 * @throws OptionError for one that k6 cannot judge
 */
export function toRequirementThresholds(
  requirements: readonly Requirement[],
  conditions: readonly Requirement[],
  measuresAll: boolean,
): Record<string, Threshold[]> {
  const thresholds: Record<string, Threshold[]> = {};
  const add = ({ metric, rule }: K6Rule, toThreshold: (rule: string) => Threshold) => {
    thresholds[metric] = [...(thresholds[metric] ?? []), toThreshold(rule)];
  };
  for (const requirement of requirements) {
    const rule = toK6Rule(requirement, measuresAll);
    if (rule === undefined) {
      throw new OptionError(
        `SERVER_BENCH_REQUIRE: k6 alone cannot judge \`${requirement.text}\`: run it by \`node bench-runner\`, which does.`,
      );
    }
    add(rule, (text) => text);
  }
  for (const condition of conditions) {
    add(toWatched(condition, measuresAll), (threshold) => ({
      threshold,
      abortOnFail: true,
      delayAbortEval: ABORT_DELAY,
    }));
  }
  return thresholds;
}

/** @throws OptionError for a condition that k6 cannot watch */
export function toWatched(condition: Requirement, measuresAll: boolean): K6Rule {
  const rule = toAbortRule(condition, measuresAll);
  if (rule !== undefined) return rule;
  throw new OptionError(
    `\`--abort-on\` (SERVER_BENCH_ABORT_ON): \`${condition.text}\` cannot be watched while the run goes on. ` +
      "Use the mean, median, p90, p95, p99, min or max of a time of requests, or `success`, `truncated`, `stopped`, `goodput`.",
  );
}
