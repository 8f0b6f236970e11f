// Distributions of lengths and times as people write them: "512", "uniform:100-900", "lognormal:512,256", …
import { drawNormal, type Random } from "./random.ts";

/** A bin of a histogram: whole numbers from `low` to `high`, all as likely, with the weight of all of them together. */
export interface Bin {
  low: number;
  high: number;
  weight: number;
}

/** Mean and standard deviation are those of the numbers themselves, before they are rounded or cut off. */
export type Distribution =
  | { kind: "fixed"; value: number }
  | { kind: "uniform"; low: number; high: number }
  | { kind: "normal"; mean: number; deviation: number }
  | { kind: "lognormal"; mean: number; deviation: number }
  | { kind: "exponential"; mean: number }
  /** The probability of a whole number from `low` to `high` falls with its power of −`exponent`. */
  | { kind: "zipf"; exponent: number; low: number; high: number }
  | { kind: "histogram"; bins: readonly Bin[] };

/** A list of probabilities longer than this would be a table of megabytes. */
const MOST_VALUES = 1e6;

const NUMBER = "(\\d+(?:\\.\\d+)?)";
const ONE = new RegExp(`^${NUMBER}$`);
const TWO = new RegExp(`^${NUMBER},${NUMBER}$`);
const RANGE = new RegExp(`^${NUMBER}-${NUMBER}$`);
const ZIPF = new RegExp(`^${NUMBER},(\\d+)-(\\d+)$`);
/** A weight may have an exponent, as JavaScript writes small numbers. */
const BIN = /^(\d+)(?:-(\d+))?\s*[=,;\t ]\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

/** Undefined also where a number is too large to be finite. */
function numbersOf(pattern: RegExp, text: string): number[] | undefined {
  const numbers = pattern.exec(text)?.slice(1).map(Number);
  return numbers?.every(Number.isFinite) ? numbers : undefined;
}

/** "128=5", "256-512,1": one bin of a histogram; undefined for any other text. */
export function parseBin(text: string): Bin | undefined {
  const [, low, high = low, weight] = BIN.exec(text.trim()) ?? [];
  const bin = { low: Number(low), high: Number(high), weight: Number(weight) };
  return bin.low <= bin.high && Number.isFinite(bin.high + bin.weight) ? bin : undefined;
}

/** The bins as the text of an option. */
export function toHistogramText(bins: readonly Bin[]): string {
  return `histogram:${bins.map(({ low, high, weight }) => `${low === high ? low : `${low}-${high}`}=${weight}`).join(",")}`;
}

/** The file that a histogram is to be read from; undefined where the text itself has the bins. */
export function histogramFile(text: string): string | undefined {
  return text.startsWith("histogram:") && !text.includes("=") ? text.slice("histogram:".length) : undefined;
}

/** The distribution that the text names; undefined where it names none, or one whose numbers make no sense. */
export function parseDistribution(text: string): Distribution | undefined {
  const [name = "", ...rest] = text.trim().split(":");
  const parts = rest.join(":");
  if (rest.length === 0) return toFixed(name);
  switch (name) {
    case "fixed":
      return toFixed(parts);
    case "uniform": {
      const [low = 1, high = 0] = numbersOf(RANGE, parts) ?? [];
      return low <= high ? { kind: name, low, high } : undefined;
    }
    case "normal":
    case "lognormal": {
      const [mean = 0, deviation = 0] = numbersOf(TWO, parts) ?? [];
      return mean > 0 ? { kind: name, mean, deviation } : undefined;
    }
    case "exponential": {
      const [mean = 0] = numbersOf(ONE, parts) ?? [];
      return mean > 0 ? { kind: name, mean } : undefined;
    }
    case "zipf": {
      const [exponent = 0, low = 1, high = 0] = numbersOf(ZIPF, parts) ?? [];
      const isSound = low >= 1 && low <= high && high - low < MOST_VALUES;
      return isSound ? { kind: name, exponent, low, high } : undefined;
    }
    case "histogram": {
      const bins = parts.split(",").map(parseBin);
      const isWhole = bins.every((bin) => bin !== undefined) && bins.some((bin) => (bin?.weight ?? 0) > 0);
      return isWhole ? { kind: name, bins: bins as Bin[] } : undefined;
    }
    default:
      return undefined;
  }
}

function toFixed(text: string): Distribution | undefined {
  const [value] = numbersOf(ONE, text) ?? [];
  return value === undefined ? undefined : { kind: "fixed", value };
}

/** Whether the text names a distribution, or a file with one. */
export function isDistribution(text: string): boolean {
  return (histogramFile(text) ?? "") !== "" || parseDistribution(text) !== undefined;
}

/** The place of the first sum that is above `target`. */
function findSum(sums: Float64Array, target: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function toSums(weights: Iterable<number>, count: number): Float64Array {
  const sums = new Float64Array(count);
  let [sum, index] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    sums[index++] = sum;
  }
  return sums;
}

function* zipfWeights(exponent: number, low: number, high: number): Generator<number> {
  // Over the first one: a high power of large numbers alone would be 0 for all.
  for (let value = low; value <= high; value++) yield (value / low) ** -exponent;
}

/** A function that draws one number after the other, none below 0. */
export function toSampler(distribution: Distribution): (random: Random) => number {
  switch (distribution.kind) {
    case "fixed":
      return () => distribution.value;
    case "uniform": {
      const { low, high } = distribution;
      const isWhole = Number.isInteger(low) && Number.isInteger(high);
      // Each whole number as often as any other, the two ends included.
      if (isWhole) return (random) => low + Math.floor(random() * (high - low + 1));
      return (random) => low + random() * (high - low);
    }
    case "normal": {
      const { mean, deviation } = distribution;
      return (random) => Math.max(mean + deviation * drawNormal(random), 0);
    }
    case "lognormal": {
      // From mean m and standard deviation s: sigma² = ln(1 + s²/m²), mu = ln m − sigma²/2.
      const variance = Math.log(1 + (distribution.deviation / distribution.mean) ** 2);
      const mu = Math.log(distribution.mean) - variance / 2;
      const sigma = Math.sqrt(variance);
      return (random) => Math.exp(mu + sigma * drawNormal(random));
    }
    case "exponential":
      return (random) => -distribution.mean * Math.log(1 - random());
    case "zipf": {
      const { exponent, low, high } = distribution;
      const sums = toSums(zipfWeights(exponent, low, high), high - low + 1);
      return (random) => low + findSum(sums, random() * (sums.at(-1) as number));
    }
    case "histogram": {
      const { bins } = distribution;
      const sums = toSums(
        bins.map(({ weight }) => weight),
        bins.length,
      );
      return (random) => {
        const { low, high } = bins[findSum(sums, random() * (sums.at(-1) as number))] as Bin;
        return low + Math.floor(random() * (high - low + 1));
      };
    }
  }
}

/** Draws lengths: whole numbers, 1 or above. */
export function toLengthSampler(distribution: Distribution): (random: Random) => number {
  const draw = toSampler(distribution);
  return (random) => Math.max(Math.round(draw(random)), 1);
}
