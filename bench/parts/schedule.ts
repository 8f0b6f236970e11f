// How true an open loop is to its schedule: when requests left against when they were due, and how many did.

import { readJournal } from "../../bench-runner/run-folder/journal-reader.ts";
import { toStatistics } from "../../bench-runner/statistics/statistics.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { journalOf } from "../client.ts";
import { type PartContext, runTrial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

/** Each the median and range over the repeats. */
export interface ScheduleFigures {
  /** Start − due, in ms. */
  delayP50: Spread;
  delayP99: Spread;
  delayMax: Spread;
  /** Achieved / offered arrivals a second − 1, in percent. */
  rateOff: Spread;
  arrivals: number;
}

export type ScheduleResult = Record<string, ScheduleFigures>;

/** The same of one run. */
type Trial = Record<keyof ScheduleFigures, number>;

const CASES: Record<string, { rate: number; arrivals: "poisson" | "constant" }> = {
  "100/s, Poisson": { rate: 100, arrivals: "poisson" },
  "100/s, constant": { rate: 100, arrivals: "constant" },
  "1,000/s, Poisson": { rate: 1000, arrivals: "poisson" },
};

/** Answers of a tenth of a second, so that the cap never binds. */
const WORKLOAD = { tokens: 4, pace: "20ms", "first-token": "40ms" };

export async function runSchedule(context: PartContext): Promise<ScheduleResult> {
  const seconds = context.isQuick ? 3 : 20;
  const trials: Record<string, Trial[]> = {};
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const [name, { rate, arrivals }] of Object.entries(CASES)) {
      const env = {
        SERVER_BENCH_RATE: String(rate),
        SERVER_BENCH_DURATION: `${seconds}s`,
        SERVER_BENCH_ARRIVALS: arrivals,
        SERVER_BENCH_SEED: String(repeat + 1),
      };
      const load = { streams: 0, requests: 0, journal: true, env };
      const { found } = await runTrial({ kind: "schedule", workload: WORKLOAD, load }, (folder) =>
        readDelays(journalOf(folder)),
      );
      trials[name] = [...(trials[name] ?? []), found];
      context.say(
        `${name}: late by ${found.delayP50.toFixed(3)} ms (p50), ${found.delayP99.toFixed(2)} ms (p99)`,
      );
    }
  }
  const figures = Object.entries(trials).map(([name, list]) => {
    const of = (key: keyof ScheduleFigures) => toSpread(list.map((trial) => trial[key]));
    return [
      name,
      {
        delayP50: of("delayP50"),
        delayP99: of("delayP99"),
        delayMax: of("delayMax"),
        rateOff: of("rateOff"),
        arrivals: list.reduce((sum, { arrivals }) => sum + arrivals, 0),
      },
    ];
  });
  return Object.fromEntries(figures) as ScheduleResult;
}

async function readDelays(journal: string): Promise<Trial> {
  const lines: RequestLine[] = [];
  for await (const line of readJournal(journal)) if (line.type === "request") lines.push(line);
  const due = lines.map(({ scheduledMs }) => scheduledMs as number);
  const delays = toStatistics(
    Float64Array.from(lines, ({ startMs }, index) => startMs - (due[index] as number)),
  );
  if (delays === undefined) throw new Error(`${journal} has no request.`);
  const span = (times: number[]) => Math.max(...times) - Math.min(...times);
  return {
    delayP50: delays.median,
    delayP99: delays.p99,
    delayMax: delays.max,
    rateOff: (span(due) / span(lines.map(({ startMs }) => startMs)) - 1) * 100,
    arrivals: lines.length,
  };
}
