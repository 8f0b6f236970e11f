// How much a sum over a run would vary between runs, estimated from one run whose neighbouring blocks of time are similar.
//
// Requests that run at the same time wait for the same things, so the blocks are not independent: their plain variance
// is too small. The slowest waves through the series of blocks (cosines) have all of that dependence in them, and are
// independent of each other: with B of them the error follows Student's t with B degrees of freedom. This is the "EWC"
// estimator of Lazarus, Lewis, Stock and Watson, "HAR Inference: Recommendations for Practice" (2018). How many waves
// are slow enough depends on how long blocks stay correlated.

/** Fewer would make every interval useless, more would hardly narrow it. */
const FEWEST_WAVES = 4;
const MOST_WAVES = 12;
/** No more waves are added once they would miss more than this share of the variance; the missing share is corrected for. */
const LARGEST_BIAS = 0.05;
/** Slower changes than this are indistinguishable from a trend. */
const LONGEST_MEMORY = 0.97;

/** Blocks of time to cut a run into: six requests each, at least 16, at most 64. */
export function toBlockCount(requests: number): number {
  return Math.max(16, Math.min(64, Math.floor(requests / 6)));
}

/** The waves to judge a run by. */
export interface Waves {
  /** The number of waves, from the slowest on: the degrees of freedom. */
  count: number;
  /** The share of the variance that they capture. */
  seen: number;
}

/**
 * As many waves as a first-order autoregressive series with the memory of these blocks allows.
 * @param sums one deviation per block, in chronological order
 */
export function chooseWaves(sums: ArrayLike<number>): Waves {
  const memory = toMemory(sums);
  const most = Math.min(MOST_WAVES, sums.length >> 1);
  if (memory <= 0) return { count: most, seen: 1 };
  let waves: Waves = { count: 0, seen: 1 };
  while (waves.count < most) {
    const count = waves.count + 1;
    const angle = (Math.PI * count) / sums.length;
    // Its spectrum at this wave, as a share of that at frequency 0.
    const power = (1 - memory) ** 2 / (1 - 2 * memory * Math.cos(angle) + memory ** 2);
    const seen = (waves.seen * waves.count + power) / count;
    if (count > FEWEST_WAVES && 1 - seen > LARGEST_BIAS) break;
    waves = { count, seen };
  }
  return waves;
}

/** The correlation of neighbours, with Kendall's correction for the bias of a short series. */
function toMemory(sums: ArrayLike<number>): number {
  const mean = toMean(sums);
  let [squares, products] = [0, 0];
  for (let block = 0; block < sums.length; block += 1) {
    const own = (sums[block] as number) - mean;
    squares += own * own;
    if (block > 0) products += own * ((sums[block - 1] as number) - mean);
  }
  if (squares === 0) return 0;
  const found = products / squares;
  return Math.min(LONGEST_MEMORY, found + (1 + 3 * found) / sums.length);
}

/** The variance of the sum of all blocks, corrected for the share that the waves miss. */
export function toSumVariance(sums: ArrayLike<number>, { count, seen }: Waves): number {
  const blocks = sums.length;
  const mean = toMean(sums);
  let power = 0;
  for (let wave = 1; wave <= count; wave += 1) {
    let coefficient = 0;
    for (let block = 0; block < blocks; block += 1) {
      coefficient += ((sums[block] as number) - mean) * Math.cos((Math.PI * wave * (block + 0.5)) / blocks);
    }
    power += (2 / blocks) * coefficient * coefficient;
  }
  return ((power / count) * blocks) / seen;
}

export function toMean(sums: ArrayLike<number>): number {
  let sum = 0;
  for (let block = 0; block < sums.length; block += 1) sum += sums[block] as number;
  return sum / sums.length;
}
