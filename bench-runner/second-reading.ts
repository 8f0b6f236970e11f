// The second reading of a journal: what can only be summed up once the ends of the window and of the steady state are known.
import { toVerdict } from "../lib/core/verdict.ts";
import { GapHistogram } from "./gap-histogram.ts";
import { readJournal } from "./journal-reader.ts";
import type { Statistics } from "./statistics.ts";
import type { SteadyState } from "./steady-state.ts";
import type { Throughput, Window } from "./summary.ts";
import { isMeasured } from "./tally.ts";
import { ThroughputSums } from "./throughput.ts";

export interface SecondReading {
  throughput: Throughput;
  /** Throughput and token gaps of the steady state, where there is one. */
  steady?: { throughput: Throughput; itl?: Statistics };
}

/** @throws UserError for a journal that cannot be read */
export async function readAgain(
  path: string,
  window: Window,
  steady: SteadyState | undefined,
): Promise<SecondReading> {
  const sums = new ThroughputSums(window);
  const steadySums = steady && new ThroughputSums(steady.window);
  const gaps = new GapHistogram();
  for await (const line of readJournal(path)) {
    if (line.type !== "request") continue;
    sums.add(line);
    if (steady === undefined) continue;
    steadySums?.add(line);
    const isInside = line.startMs >= steady.window.startMs && line.endMs <= steady.window.endMs;
    if (isInside && isMeasured(line) && toVerdict(line) === "complete") gaps.addLine(line);
  }
  const itl = gaps.toStatistics();
  return {
    throughput: sums.toThroughput(),
    ...(steadySums && { steady: { throughput: steadySums.toThroughput(), ...(itl && { itl }) } }),
  };
}
