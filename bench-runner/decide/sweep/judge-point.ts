// The runs at one load → a point of the sweep: its figures, whether the server kept up, whether the load meets the goal. Pure.
import { mean } from "d3-array";
import { type Ends, isWide } from "../../../lib/core/ends.ts";
import { formatEnds, formatValue } from "../../../lib/core/units.ts";
import { isEstimated } from "../../summary/estimated.ts";
import { type Figure, type FigureKey, findFigure } from "../../summary/figures.ts";
import { describeFound } from "../../summary/judge/gates.ts";
import type { Goodput, Summary } from "../../summary/summary.ts";
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
  cachedShare: "cachedShare",
};

/** In an open loop TTFT counts from the time a request was due; its certified value does not. */
const DUE_FIGURES: Readonly<Partial<Record<keyof PointFigures, FigureKey>>> = {
  ttftMedianMs: "scheduledTtft.median",
  ttftP95Ms: "scheduledTtft.p95",
};

function toFigure(key: keyof PointFigures, summary: Summary): Figure | undefined {
  const due = DUE_FIGURES[key];
  if (due !== undefined && summary.metrics.scheduledTtft !== undefined) return findFigure(due);
  if (key === "ttftP95CertifiedMs" && summary.arrivals !== undefined) return undefined;
  return findFigure(FIGURES[key]);
}

/** The means of the ends, if a run knows the figure only as a range. */
function toPointEnds(key: keyof PointFigures, summaries: readonly Summary[]): Ends | undefined {
  const all = summaries.flatMap((summary): Ends[] => {
    const figure = toFigure(key, summary);
    const value = figure?.of(summary);
    return value === undefined ? [] : [figure?.endsOf(summary) ?? { lower: value, upper: value }];
  });
  if (!all.some(isWide)) return undefined;
  const uppers = all.flatMap(({ upper }) => upper ?? []);
  const lower = mean(all, (ends) => ends.lower) as number;
  return { lower, ...(uppers.length === all.length && { upper: mean(uppers) as number }) };
}

interface Miss {
  text: string;
  /** The figure is known only as a range, and only one end of it misses. */
  uncertain: boolean;
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
  const ends: NonNullable<SweepPoint["ends"]> = {};
  for (const key of Object.keys(FIGURES) as (keyof PointFigures)[]) {
    const value = mean(summaries, (summary) => toFigure(key, summary)?.of(summary));
    if (value !== undefined) figures[key] = value;
    const range = toPointEnds(key, summaries);
    if (range !== undefined) ends[key] = range;
  }
  const estimated = (Object.keys(figures) as (keyof PointFigures)[]).filter((key) =>
    summaries.some((summary) => isEstimated(FIGURES[key], summary)),
  );
  const pooled = poolGoodput(summaries);
  if (pooled !== undefined) figures.goodputShare = pooled;
  const missed = findMissed(summaries, figures, goal);
  const saturation = findSaturation(summaries);
  const misses = [...saturation, ...missed.map(({ text }) => text)];
  const isSaturated = saturation.length > 0;
  const isUncertain = !isSaturated && missed.length > 0 && missed.every(({ uncertain }) => uncertain);
  const isPartial = !isWhole || summaries.length === 0;
  return {
    ...place,
    requests: sum(summaries, ({ requests }) => requests.measured),
    complete: sum(summaries, ({ requests }) => requests.byVerdict.complete ?? 0),
    isCertified:
      summaries.length > 0 &&
      summaries.every(({ metrics }) => (metrics.ttft ?? metrics.e2e)?.certified?.p95 !== undefined),
    figures,
    ...(Object.keys(ends).length > 0 && { ends }),
    ...(estimated.length > 0 && { estimated }),
    isSaturated,
    ...(goal.isJudged && !isPartial && { meets: misses.length === 0 }),
    ...(goal.isJudged && !isPartial && isUncertain && { uncertain: true }),
    misses,
    ...(isPartial && { partial: true }),
  };
}

function sum(summaries: readonly Summary[], of: (summary: Summary) => number): number {
  return summaries.reduce((total, summary) => total + of(summary), 0);
}

function poolGoodput(summaries: readonly Summary[]): number | undefined {
  const known = summaries.flatMap(({ goodput }) => (goodput ? [goodput] : []));
  const all = known.reduce((total, goodput) => total + countJudged(goodput), 0);
  return all === 0 ? undefined : known.reduce((total, { met }) => total + met, 0) / all;
}

const countJudged = ({ met, missed, uncertain = 0, neverSent }: Goodput): number =>
  met + missed + uncertain + neverSent;

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
function findMissed(summaries: readonly Summary[], figures: PointFigures, goal: SweepGoal): Miss[] {
  if (!goal.isJudged) return [];
  const complete = sum(summaries, ({ requests }) => requests.byVerdict.complete ?? 0);
  if (complete === 0) return [{ text: "no request completed", uncertain: false }];
  // Only `--abort-on` ends a run early without an error.
  const ended = summaries.find(({ run }) => run.partial)?.run.partialReason;
  if (ended !== undefined) return [{ text: ended, uncertain: false }];
  const { goodputShare: share } = figures;
  const slos =
    share !== undefined && share < goal.goodputTarget
      ? [toSloMiss(summaries, share, goal.goodputTarget)]
      : [];
  return [...slos, ...findBroken(summaries)];
}

function toSloMiss(summaries: readonly Summary[], share: number, target: number): Miss {
  const should = `${formatValue(target, "share")} should`;
  const doubtful = sum(summaries, ({ goodput }) => goodput?.uncertain ?? 0);
  const all = sum(summaries, ({ goodput }) => (goodput ? countJudged(goodput) : 0));
  const upper = share + doubtful / all;
  if (upper < target || doubtful === 0) {
    return {
      text: `${formatValue(share, "share")} of the requests meet the SLOs, ${should}`,
      uncertain: false,
    };
  }
  const range = formatEnds({ lower: share, upper }, "share");
  return { text: `uncertain: ${range} of the requests meet the SLOs, ${should}`, uncertain: true };
}

/** The requirements that do not hold in more than half of the runs. */
function findBroken(summaries: readonly Summary[]): Miss[] {
  const texts = (summaries[0]?.requirements ?? []).map(({ text }) => text);
  return texts.flatMap((text, index): Miss[] => {
    const results = summaries.flatMap(({ requirements }) => requirements?.[index] ?? []);
    const broken = results.filter(({ ok }) => !ok);
    if (broken.length < results.length / 2 || broken.length === 0) return [];
    const failed = broken.filter(({ uncertain }) => !uncertain);
    const [doubtful] = broken.filter(({ uncertain }) => uncertain);
    if (doubtful !== undefined && failed.length < results.length / 2) {
      return [{ text: `${text}: uncertain, it is in ${describeFound(doubtful)}`, uncertain: true }];
    }
    const values = failed.flatMap(({ value }) => value ?? []);
    const { unit, reason } = failed[0] as (typeof failed)[number];
    const found = values.length > 0 ? formatValue(mean(values), unit) : reason;
    return [{ text: `${text}: it is ${found}`, uncertain: false }];
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
