// How much of the prompts came from the server's cache, and whether several runs are alike in it: TTFT depends on it. Pure.
import { formatValue } from "../../lib/core/units.ts";
import type { Summary } from "./summary.ts";

/** From this difference in the share of cached prompt tokens, TTFT measures different work. */
export const CACHE_LIMIT = 0.1;

type Cached = Pick<Summary, "tokens"> & Partial<Pick<Summary, "groups" | "server">>;

/**
 * Cached / all prompt tokens, by usage, else by the server's counters; for conversations of their first turns, since later
 * turns are meant to hit the cache. Undefined if neither says it.
 */
export function toCachedShare({ tokens, groups, server }: Cached): number | undefined {
  const turns = groups?.turn;
  const { prompt, cached } = turns?.find(({ name }) => name === "1")?.tokens ?? tokens;
  if (prompt && cached !== undefined) return cached / prompt;
  return turns === undefined ? server?.cachedPromptTokensShare : undefined;
}

export interface CacheSpread {
  /** The places of the runs with the smallest and the largest share, and these shares. */
  least: { index: number; share: number };
  most: { index: number; share: number };
}

/** Undefined where the shares of cached prompt tokens differ by no more than CACHE_LIMIT; unknown ones do not count. */
export function findCacheSpread(shares: readonly (number | undefined)[]): CacheSpread | undefined {
  const known = shares.flatMap((share, index) => (share === undefined ? [] : [{ index, share }]));
  const [first] = known;
  if (first === undefined) return undefined;
  const least = known.reduce((best, one) => (one.share < best.share ? one : best), first);
  const most = known.reduce((best, one) => (one.share > best.share ? one : best), first);
  return most.share - least.share > CACHE_LIMIT ? { least, most } : undefined;
}

export const CACHE_REMEDY =
  "Let the runner empty the cache between loads (`--reset-cache auto`; a llama-server needs `--slot-save-path FOLDER` and `--cache-ram 0`, vLLM `VLLM_SERVER_DEV_MODE=1`), take more prompts than all loads together send, or turn it off (`--cache-prompt off`).";

/**
 * "12 % of the prompt tokens came from the server's cache in #1 and 99 % in #3, so TTFT does not measure the same work."
 * @param toName what a run is called, by its place
 */
export function describeSpread({ least, most }: CacheSpread, toName: (index: number) => string): string {
  const say = (share: number) => formatValue(Math.round(share * 1000) / 1000, "share");
  return `${say(least.share)} of the prompt tokens came from the server's cache in ${toName(least.index)} and ${say(most.share)} in ${toName(most.index)}, so TTFT does not measure the same work.`;
}
