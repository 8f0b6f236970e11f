// A made-up load for tests: requests whose latencies drift together, as those of a real server do.

import {
  type BlockedValues,
  chooseWavesOf,
  estimateMean,
  estimateQuantile,
  estimateRate,
  estimateShare,
} from "../../../bench-runner/decide/compare/block-estimates.ts";
import type { Estimate } from "../../../bench-runner/statistics/estimate.ts";
import { toBlockCount } from "../../../bench-runner/statistics/slow-waves.ts";
import { createRandom, drawNormal, type Random } from "../../../lib/core/prompts/random.ts";

export interface LoadShape {
  requests: number;
  seconds: number;
  /** The correlation time, after which 1/e of a slow moment is left; 0: requests are independent. */
  memorySeconds: number;
}

/** Poisson arrivals; the logarithm of a latency is an Ornstein-Uhlenbeck process plus noise of its own, 0.3 each. */
export function simulateLoad({ requests, seconds, memorySeconds }: LoadShape, seed: number): BlockedValues {
  const random = createRandom(seed);
  const blockCount = toBlockCount(requests);
  const values = new Float64Array(requests);
  const times = new Float64Array(requests);
  let [time, level] = [0, drawNormal(random)];
  for (let at = 0; at < requests; at += 1) {
    const gap = (-Math.log(1 - random()) * seconds) / requests;
    const kept = memorySeconds > 0 ? Math.exp(-gap / memorySeconds) : 0;
    time += gap;
    level = kept * level + Math.sqrt(1 - kept ** 2) * drawNormal(random);
    times[at] = time;
    values[at] = 100 * Math.exp(0.3 * level + 0.3 * drawNormal(random));
  }
  const blocks = Uint8Array.from(times, (at) =>
    Math.min(blockCount - 1, Math.floor((at / time) * blockCount)),
  );
  return { values, blocks, blockCount };
}

/** @param share of a percentile; undefined for the mean */
export function estimateLoad(load: BlockedValues, share: number | undefined): Estimate {
  const waves = chooseWavesOf(load);
  if (share === undefined) return estimateMean(load, waves);
  const sorted = load.values.slice().sort();
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return estimateQuantile(load, sorted, share, low + (high - low) * (place % 1), waves);
}

/** Data of a closed loop of eight clients, from which a share of requests and a token rate are estimated. */
export interface LoopEstimates {
  success: Estimate;
  outputTokensPerSecond: Estimate;
}

const CLIENTS = 8;
const TOKENS = 50;
const STEPS = 4000;

/** How long a request takes and whether it fails follow the same slow process. About one in twenty fails. */
export function estimateLoop({ requests, seconds, memorySeconds }: LoadShape, seed: number): LoopEstimates {
  const random = createRandom(seed);
  const blocks = toBlockCount(requests);
  const toBlock = (time: number) => Math.min(blocks - 1, Math.floor((time / seconds) * blocks));
  const levels = drawLevels(random, seconds / STEPS, memorySeconds);
  const [tokens, all, succeeded] = [1, 2, 3].map(() => new Float64Array(blocks)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const add = (to: Float64Array, block: number, amount: number) => {
    to[block] = (to[block] as number) + amount;
  };
  const usual = (CLIENTS * seconds) / requests;
  for (let client = 0; client < CLIENTS; client += 1) {
    for (let time = random() * usual; time < seconds; ) {
      const level = levels[Math.floor((time / seconds) * STEPS)] as number;
      const end = time + usual * Math.exp(0.2 * level + 0.3 * drawNormal(random));
      const block = toBlock(time);
      add(all, block, 1);
      if (random() >= Math.min(0.9, 0.05 * Math.exp(0.8 * level))) add(succeeded, block, 1);
      for (let token = 0; token < TOKENS; token += 1) {
        const at = time + ((end - time) * token) / TOKENS;
        if (at < seconds) add(tokens, toBlock(at), 1);
      }
      time = end;
    }
  }
  const sum = (amounts: Float64Array) => amounts.reduce((total, amount) => total + amount, 0);
  const share = sum(succeeded) / sum(all);
  const deviations = succeeded.map((count, block) => count - share * (all[block] as number));
  return {
    success: estimateShare(share, deviations, sum(all)),
    outputTokensPerSecond: estimateRate(sum(tokens) / seconds, tokens, sum(all)),
  };
}

function drawLevels(random: Random, step: number, memorySeconds: number): number[] {
  const kept = memorySeconds > 0 ? Math.exp(-step / memorySeconds) : 0;
  let level = drawNormal(random);
  return Array.from({ length: STEPS + 1 }, () => {
    level = kept * level + Math.sqrt(1 - kept ** 2) * drawNormal(random);
    return level;
  });
}
