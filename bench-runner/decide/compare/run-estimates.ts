// One run's journal → the estimates that have an interval from blocks of time.
import type { StatisticName } from "../../../lib/core/goals/requirement.ts";
import { parseSlos } from "../../../lib/core/goals/slo.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import type { Estimate } from "../../statistics/estimate.ts";
import { chooseWaves } from "../../statistics/slow-waves.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { Summary } from "../../summary/summary.ts";
import {
  type BlockedValues,
  chooseWavesOf,
  estimateMean,
  estimateQuantile,
  estimateRate,
  estimateShare,
  toMeanEstimate,
  toQuantileEstimate,
} from "./block-estimates.ts";
import { toMetricKey } from "./compared-metric.ts";
import { GAP_SHARES, type GapBlocks, toQuantiles } from "./gap-blocks.ts";
import { BLOCKED_TRENDS, RunBlocks, type ShareBlocks } from "./run-blocks.ts";

type Estimates = Record<string, Estimate>;

/**
 * @param records path of the journal
 * @returns undefined if nothing was measured
 * @throws UserError for a journal that cannot be read
 */
export async function readRunBlocks(records: string, summary: Summary): Promise<RunBlocks | undefined> {
  if (summary.window === undefined) return undefined;
  const { slo } = summary.configuration.values;
  const blocks = new RunBlocks(
    summary,
    summary.window,
    parseSlos(Array.isArray(slo) ? (slo as string[]) : [], "`--slo`"),
  );
  for await (const line of readJournal(records)) if (line.type === "request") blocks.add(line);
  return blocks;
}

/** @param summary of the same run: the values of the estimates are its figures */
export function toRunEstimates(blocks: RunBlocks, summary: Summary): Estimates {
  const { metrics } = summary;
  const found: Estimates = {};
  for (const subject of BLOCKED_TRENDS) {
    const values = blocks.toValues(subject);
    const statistics = metrics[subject];
    if (values === undefined || statistics === undefined) continue;
    for (const [statistic, estimate] of estimateTrend(values, statistics)) {
      found[toMetricKey({ subject, statistic })] = estimate;
    }
  }
  if (metrics.itl !== undefined && blocks.gaps.counts.total > 0) {
    for (const [statistic, estimate] of estimateGaps(blocks.gaps, metrics.itl)) {
      found[toMetricKey({ subject: "itl", statistic })] = estimate;
    }
  }
  return { ...found, ...estimateShares(blocks, summary), ...estimateRates(blocks, summary) };
}

function estimateTrend(values: BlockedValues, statistics: Statistics): [StatisticName, Estimate][] {
  const waves = chooseWavesOf(values);
  const sorted = values.values.slice().sort();
  return [
    ["mean", estimateMean(values, waves)],
    ...Object.entries(GAP_SHARES).map(([name, share]): [StatisticName, Estimate] => [
      name as keyof typeof GAP_SHARES,
      estimateQuantile(values, sorted, share, statistics[name as keyof typeof GAP_SHARES], waves),
    ]),
  ];
}

function estimateGaps(gaps: GapBlocks, itl: Statistics): [StatisticName, Estimate][] {
  const { total } = gaps.counts;
  const deviations = (sums: Float64Array, perGap: number) =>
    sums.map((sum, block) => sum - perGap * (gaps.all[block] as number));
  const fromMean = deviations(gaps.sumsMs, itl.mean);
  const waves = chooseWaves(fromMean);
  const quantile = toQuantiles(gaps.counts.toSorted());
  return [
    ["mean", toMeanEstimate(itl.mean, fromMean, total, waves)],
    ...Object.entries(GAP_SHARES).map(([key, share]): [StatisticName, Estimate] => {
      const name = key as keyof typeof GAP_SHARES;
      const sums = deviations(gaps.below[name], share);
      return [name, toQuantileEstimate({ value: itl[name], share, sums, count: total, waves, quantile })];
    }),
  ];
}

function estimateShares({ shares }: RunBlocks, { rates, goodput }: Summary): Estimates {
  const values = { ...rates, goodput: goodput?.share };
  const found: Estimates = {};
  for (const [key, blocks] of Object.entries(shares) as [keyof typeof values, ShareBlocks][]) {
    const share = values[key];
    if (share === undefined) continue;
    if (key === "goodput" && goodput && goodput.neverSent > 0) {
      found[key] = { value: share, reason: "arrivals that were never sent have no block of time" };
      continue;
    }
    const sums = blocks.counted.map((counted, block) => counted - share * (blocks.all[block] as number));
    const count = blocks.all.reduce((sum, all) => sum + all, 0);
    found[key] = estimateShare(share, sums, count);
  }
  return found;
}

function estimateRates(blocks: RunBlocks, { throughput, requests }: Summary): Estimates {
  const found: Estimates = {};
  for (const [key, amounts] of Object.entries(blocks.toRates())) {
    const value = throughput?.[key as keyof typeof throughput];
    if (value !== undefined) found[key] = estimateRate(value, amounts, requests.measured);
  }
  return found;
}
