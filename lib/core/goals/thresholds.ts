// The thresholds of a scenario: what makes k6 exit with 99. Requirements become thresholds as far as k6 can judge them.
import { OptionError } from "../option-error.ts";
import type { ShapeKind } from "../options/shapes.ts";
import { K6_METRICS } from "../request/k6-metrics.ts";
import { METRICS } from "../request/metrics.ts";
import { VERDICTS, type Verdict } from "../request/verdict.ts";
import type { Comparison, Requirement, StatisticName } from "./requirement.ts";

export type Threshold = string | { threshold: string; abortOnFail: boolean; delayAbortEval?: string };

/** Passes at any rate. */
const ALWAYS_TRUE = "rate>=0";

/** What the success rate counts as a failure. */
export const FAILED_VERDICTS: readonly Verdict[] = VERDICTS.filter(
  (verdict) => !["interrupted", "aborted", "complete"].includes(verdict),
);

/** The name of the part of the success rate with this verdict. */
export function verdictMetric(verdict: Verdict): string {
  return `${METRICS.success.k6Name}{verdict:${verdict}}`;
}

/** A threshold that decides nothing: k6 keeps a part of a metric only if it has a threshold. */
export function isForCountOnly(metric: string, rule: string): boolean {
  return rule === ALWAYS_TRUE && FAILED_VERDICTS.some((verdict) => metric === verdictMetric(verdict));
}

/** For the plain closed loop: more than this share of truncated completions fails llama.cpp's server bench. */
const PLAIN_TRUNCATED_LIMIT = 0.8;

/**
 * The share of truncated completions from which on a run fails; 1 for none.
 * @param given the user's own limit
 * @param isExact every answer has a given length: the limit ends all of them
 */
export function toTruncatedLimit(given: number | undefined, kind: ShapeKind, isExact: boolean): number {
  if (isExact) return 1;
  return given ?? (kind === "plain" ? PLAIN_TRUNCATED_LIMIT : 1);
}

/**
 * k6 thresholds by metric name, with one that always passes for each verdict that fails a request (see `isForCountOnly`).
 *
 * In k6 a rate without samples passes every limit, so a dead server, or one whose answers were all cut off by the end of
 * the run, would pass. A counter is then 0: that of completed requests must be above it.
 *
 * All of them are judged at the end of the run.
 * @param truncatedLimit share from 0 to 1; 1 sets no limit
 * @param others further ones; see toRequirementThresholds
 * @param measuresAll false if there is a warm-up or a cool-down, which no threshold must judge
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
  add(judged(METRICS.completions.k6Name), "count>0");
  if (truncatedLimit < 1) add(judged(METRICS.truncated.k6Name), `rate<${truncatedLimit}`);
  for (const verdict of FAILED_VERDICTS) add(verdictMetric(verdict), ALWAYS_TRUE);
  return thresholds;
}

/** Without the standard deviation, which k6 lacks, and the count, which it has only for counters. */
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

/** Conditions that end a run early are evaluated from then on: a rate over the first few requests means little. */
const ABORT_DELAY = "10s";

export interface K6Rule {
  metric: string;
  rule: string;
}

/**
 * The equivalent threshold; undefined if only the runner can judge the requirement. k6 has neither rates over time nor
 * certified values, and it sorts all samples of a Trend every two seconds: there are too many token gaps for that.
 * @param measuresAll false if there is a warm-up or a cool-down
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

/**
 * The requirement that a threshold states, of all measured requests; undefined for a metric or a rule that no requirement
 * can be about.
 */
export function parseK6Rule({
  metric,
  rule,
}: K6Rule): Pick<Requirement, "subject" | "statistic" | "comparison" | "value"> | undefined {
  const name = metric.replace(/\{phase:measure\}$/, "");
  const known = K6_METRICS.find(
    ({ k6Name, isAlias, type }) => k6Name === name && !isAlias && type !== "counter",
  );
  const [, aggregate, comparison, limit] =
    /^\s*([a-z]+(?:\(\d+\))?)\s*(<=|>=|==|!=|<|>)\s*([\d.]+)\s*$/.exec(rule) ?? [];
  if (known === undefined || aggregate === undefined) return undefined;
  const value = Number(limit);
  const subject = known.key as Requirement["subject"];
  if (known.type === "rate") {
    return aggregate === "rate" ? { subject, comparison: comparison as Comparison, value } : undefined;
  }
  const statistic = Object.entries(AGGREGATES).find(([, sign]) => sign === aggregate)?.[0] as
    | StatisticName
    | undefined;
  return statistic && { subject, statistic, comparison: comparison as Comparison, value };
}

/** The threshold that fails, and thereby ends the run, when the condition holds; undefined as above. */
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
        `SERVER_BENCH_REQUIRE: k6 cannot evaluate \`${requirement.text}\`: use \`node bench-runner\`, which can.`,
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
    `\`--abort-on\` (SERVER_BENCH_ABORT_ON): \`${condition.text}\` cannot be monitored during a run. ` +
      "Use the mean, median, p90, p95, p99, min or max of a time of requests, or `success`, `truncated`, `stopped`, `goodput`.",
  );
}
