// The runs at one load → a point of the sweep: its figures, whether the server kept up, whether the load meets the goal. Pure.
import { mean } from "d3-array";
import { formatValue } from "../../../lib/core/units.ts";
import { type FigureKey, findFigure } from "../../summary/figures.ts";
import type { Summary } from "../../summary/summary.ts";
import type { JudgedLoad } from "./plan-next.ts";
import type { PointFigures, SweepPoint } from "./sweep-file.ts";
import type { SweepGoal } from "./sweep-goal.ts";

/** With a smaller share of answered requests, the server did not achieve what was offered. */
const LEAST_ACHIEVED = 0.95;

/** The figure of a run that each figure of a point is. */
const FIGURES: { readonly [K in keyof PointFigures]-?: FigureKey } = {
  offeredPerSecond: "offeredPerSecond",
  achievedPerSecond: "achievedPerSecond",
  requestsPerSecond: "requestsPerSecond",
  outputTokensPerSecond: "outputTokensPerSecond",
  tokensPerSecondPerUser: "tokensPerSecondPerUser.median",
  ttftMedianMs: "ttft.median",
  ttftP95Ms: "ttft.p95",
  ttftP95CertifiedMs: "ttft.p95.certified",
  tpotMedianMs: "tpot.median",
  tpotP95Ms: "tpot.p95",
  e2eMeanMs: "e2e.mean",
  e2eMedianMs: "e2e.median",
  e2eP95Ms: "e2e.p95",
  successShare: "success",
  goodputShare: "goodput",
  goodputPerSecond: "goodputPerSecond",
};

/** In an open loop TTFT counts from the time a request was due; its certified value does not. */
const DUE_FIGURES: Readonly<Partial<Record<keyof PointFigures, FigureKey>>> = {
  ttftMedianMs: "scheduledTtft.median",
  ttftP95Ms: "scheduledTtft.p95",
};

function toPointFigure(key: keyof PointFigures, summary: Summary): number | undefined {
  const due = DUE_FIGURES[key];
  if (due !== undefined && summary.metrics.scheduledTtft !== undefined) return findFigure(due).of(summary);
  if (key === "ttftP95CertifiedMs" && summary.arrivals !== undefined) return undefined;
  return findFigure(FIGURES[key]).of(summary);
}

export interface PointPlace {
  number: number;
  load: number;
  by: SweepPoint["by"];
  folder: string;
  runs: string[];
}

/**
 * With several runs, figures are means, the share of good requests is that of all runs, and a requirement holds if it holds in
 * more than half of them.
 * @param summaries of every run at the load, in order
 * @param isWhole whether every run finished
 */
export function judgePoint(
  place: PointPlace,
  summaries: readonly Summary[],
  goal: SweepGoal,
  isWhole: boolean,
): SweepPoint {
  const figures: PointFigures = {};
  for (const key of Object.keys(FIGURES) as (keyof PointFigures)[]) {
    const value = mean(summaries, (summary) => toPointFigure(key, summary));
    if (value !== undefined) figures[key] = value;
  }
  const pooled = poolGoodput(summaries);
  if (pooled !== undefined) figures.goodputShare = pooled;
  const misses = [...findSaturation(summaries), ...findMissed(summaries, figures, goal)];
  const isSaturated = findSaturation(summaries).length > 0;
  const isPartial = !isWhole || summaries.length === 0;
  return {
    ...place,
    requests: sum(summaries, ({ requests }) => requests.measured),
    complete: sum(summaries, ({ requests }) => requests.byVerdict.complete ?? 0),
    isCertified:
      summaries.length > 0 &&
      summaries.every(({ metrics }) => (metrics.ttft ?? metrics.e2e)?.certified?.p95 !== undefined),
    figures,
    isSaturated,
    ...(goal.isJudged && !isPartial && { meets: misses.length === 0 }),
    misses,
    ...(isPartial && { partial: true }),
  };
}

function sum(summaries: readonly Summary[], of: (summary: Summary) => number): number {
  return summaries.reduce((total, summary) => total + of(summary), 0);
}

function poolGoodput(summaries: readonly Summary[]): number | undefined {
  const known = summaries.flatMap(({ goodput }) => (goodput ? [goodput] : []));
  const all = known.reduce((total, { met, missed, neverSent }) => total + met + missed + neverSent, 0);
  return all === 0 ? undefined : known.reduce((total, { met }) => total + met, 0) / all;
}

/** Why the server did not keep up with an open loop, by more than half of the runs; empty if it did. */
function findSaturation(summaries: readonly Summary[]): string[] {
  const open = summaries.filter(({ arrivals }) => arrivals !== undefined);
  if (open.length === 0) return [];
  const reasons = open.flatMap((summary) => {
    const { saturation, rates } = summary;
    if (saturation?.saturated) return [saturation.reason ?? "the queue grew"];
    return rates.success !== undefined && rates.success < LEAST_ACHIEVED
      ? [`only ${formatValue(rates.success, "share")} of the requests were answered`]
      : [];
  });
  return reasons.length > open.length / 2 ? reasons.slice(0, 1) : [];
}

/** The goals the load does not meet. */
function findMissed(summaries: readonly Summary[], figures: PointFigures, goal: SweepGoal): string[] {
  if (!goal.isJudged) return [];
  const complete = sum(summaries, ({ requests }) => requests.byVerdict.complete ?? 0);
  if (complete === 0) return ["no request completed"];
  // Only `--abort-on` ends a run early without an error.
  const ended = summaries.find(({ run }) => run.partial)?.run.partialReason;
  if (ended !== undefined) return [ended];
  const { goodputShare: share } = figures;
  const slos =
    share !== undefined && share < goal.goodputTarget
      ? [
          `${formatValue(share, "share")} of the requests meet the SLOs, ${formatValue(goal.goodputTarget, "share")} should`,
        ]
      : [];
  return [...slos, ...findBroken(summaries)];
}

/** The requirements that do not hold in more than half of the runs. */
function findBroken(summaries: readonly Summary[]): string[] {
  const texts = (summaries[0]?.requirements ?? []).map(({ text }) => text);
  return texts.flatMap((text, index) => {
    const results = summaries.flatMap(({ requirements }) => requirements?.[index] ?? []);
    const broken = results.filter(({ ok }) => !ok);
    if (broken.length < results.length / 2 || broken.length === 0) return [];
    const values = broken.flatMap(({ value }) => value ?? []);
    const { unit, reason } = broken[0] as (typeof broken)[number];
    const found = values.length > 0 ? formatValue(mean(values), unit) : reason;
    return [`${text}: it is ${found}`];
  });
}

/** The part of a point that the plan needs. */
export function toJudgedLoad({ load, meets, isSaturated, figures }: SweepPoint): JudgedLoad {
  const throughput = figures.outputTokensPerSecond || figures.requestsPerSecond;
  return {
    load,
    isSaturated,
    ...(meets !== undefined && { meets }),
    ...(throughput !== undefined && { throughput }),
    ...(figures.e2eMeanMs !== undefined && { latencyMs: figures.e2eMeanMs }),
  };
}
