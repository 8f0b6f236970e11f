// A histogram that holds every value: each bin from its lower edge up to but not including the upper one, the last with both.

import type { Distribution } from "../../summary/series/report-data.ts";
import { forEachCount, type SortedCounts } from "../../summary/series/sorted-counts.ts";
import { type BinEdges, toBinEdges } from "./bin-edges.ts";

/** Adjoining bins, empty ones included; none without values. */
export function toBins(sorted: SortedCounts): { bins: Distribution["bins"]; isLog: boolean } {
  const { edges, isLog } = findEdges(sorted);
  const bins = edges
    .slice(1)
    .map((to, index): Distribution["bins"][number] => [edges[index] as number, to, 0]);
  let at = 0;
  forEachCount(sorted, (value, count) => {
    while (at < bins.length - 1 && value >= (edges[at + 1] as number)) at += 1;
    (bins[at] as Distribution["bins"][number])[2] += count;
  });
  return { bins, isLog };
}

function findEdges({ values }: SortedCounts): BinEdges {
  if (values.length === 0) return { isLog: false, edges: [] };
  const min = values[0] as number;
  const smallestPositive = min > 0 ? min : values.find((value) => value > 0);
  return toBinEdges(min, smallestPositive, values[values.length - 1] as number);
}
