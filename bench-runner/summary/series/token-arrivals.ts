// The interval in which each output token arrived, by its stamp, as throughput.ts counts them, so that the sums agree.
import { toNumber } from "../../../lib/core/request/request-metrics.ts";
import type { TokenFacts } from "../throughput.ts";
import type { IntervalSum } from "./interval-sum.ts";
import { type TimeGrid, toInterval } from "./time-grid.ts";

/**
 * Adds the output tokens of a request, whatever its verdict. Token events are weighted by usage.completion_tokens /
 * token events (1 without usage); those of a stream that showed none count at its end. An answer that is one document is spread evenly from its sending to its end; one
 * whose journal line has no list of gaps, over the seconds in which its tokens arrived.
 */
export function addTokens(tokens: IntervalSum, grid: TimeGrid, line: TokenFacts): void {
  const usageTokens = toNumber(line.fields.completionTokens);
  if (line.document) {
    if (usageTokens) tokens.spread(line.sentMs ?? line.startMs, line.endMs, usageTokens);
    return;
  }
  const { firstTokenMs, tokenEvents } = line;
  if (firstTokenMs === undefined || tokenEvents === 0) {
    if (usageTokens) tokens.add(line.endMs, usageTokens);
    return;
  }
  const weight = usageTokens === undefined ? 1 : usageTokens / tokenEvents;
  const last = line.lastTokenMs ?? firstTokenMs;
  if (toInterval(grid, firstTokenMs) === toInterval(grid, last)) tokens.add(last, tokenEvents * weight);
  else if (line.gapsUs !== undefined) addEvents(tokens, firstTokenMs, line.gapsUs, weight);
  else {
    for (const [second, count] of line.tokensBySecond ?? []) {
      // The first and the last second are covered only from the first and up to the last token.
      const [fromMs, toMs] = [Math.max(second * 1000, firstTokenMs), Math.min((second + 1) * 1000, last)];
      tokens.spread(Math.min(fromMs, toMs), toMs, count * weight);
    }
  }
}

function addEvents(tokens: IntervalSum, firstMs: number, gapsUs: readonly number[], weight: number): void {
  let timeMs = firstMs;
  tokens.add(timeMs, weight);
  for (let index = 0; index < gapsUs.length; index += 1) {
    timeMs += (gapsUs[index] as number) / 1000;
    tokens.add(timeMs, weight);
  }
}
