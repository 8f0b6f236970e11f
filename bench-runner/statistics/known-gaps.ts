// The gaps between the tokens of a request without those that are not known, because a token at either end of them was merged.
import type { RequestLine } from "../../lib/core/request/facts.ts";

/** The gaps of a request, as its journal line has them. */
export type Gaps = Pick<RequestLine, "gapsUs" | "gapHistogramUs" | "uncertainGaps">;

/** @param visit takes a gap in whole microseconds, and how often it occurred */
export function visitKnownGaps(
  { gapsUs, gapHistogramUs = [], uncertainGaps = [] }: Gaps,
  visit: (gapUs: number, count: number) => void,
): void {
  if (gapsUs === undefined) {
    for (const [gapUs, count] of gapHistogramUs) visit(gapUs, count);
    return;
  }
  // Counting loops: there are tens of millions of gaps.
  let from = 0;
  for (const [first, count] of uncertainGaps) {
    for (let index = from; index < first; index += 1) visit(gapsUs[index] as number, 1);
    from = first + count;
  }
  for (let index = from; index < gapsUs.length; index += 1) visit(gapsUs[index] as number, 1);
}

/** How many gaps of a request are not known. */
export function countUncertainGaps({
  uncertainGaps,
  uncertainGapCount = 0,
}: Pick<RequestLine, "uncertainGaps" | "uncertainGapCount">): number {
  let sum = uncertainGapCount;
  for (const [, count] of uncertainGaps ?? []) sum += count;
  return sum;
}
