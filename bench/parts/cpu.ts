// CPU per event: coalesced (8 events a write, at full speed), paced (each token a read of its own), and the journal's.
import type { ClientKind } from "../client.ts";
import { measureSlope } from "../cpu-slope.ts";
import type { PartContext, Trial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

export interface CpuResult {
  /** By name of the measurement. */
  microsPerEvent: Record<string, Spread>;
  /** The ratio of one measurement to another in the same round. */
  ratios: Record<string, Spread>;
  foreignShare: Spread;
}

interface Contest {
  trials: Record<string, Trial>;
  /** Requests of the short and the long run, by trial where they differ. */
  requests: readonly [number, number];
  ratios: readonly (readonly [string, string])[];
}

/** Repeats all trials in turn; a ratio is taken within a round, so that what slows a round down slows both. */
async function run(context: PartContext, { trials, requests, ratios }: Contest): Promise<CpuResult> {
  const rounds: Record<string, number>[] = [];
  const foreign: number[] = [];
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    const round: Record<string, number> = {};
    for (const [name, trial] of Object.entries(trials)) {
      const slope = await measureSlope(context, name, trial, requests);
      round[name] = slope.microsPerEvent;
      foreign.push(slope.foreignShare);
    }
    rounds.push(round);
  }
  const of = (name: string) => rounds.map((round) => round[name] as number);
  return {
    microsPerEvent: Object.fromEntries(Object.keys(trials).map((name) => [name, toSpread(of(name))])),
    ratios: Object.fromEntries(
      ratios.map(([above, below]) => {
        const base = of(below);
        return [`${above} / ${below}`, toSpread(of(above).map((value, i) => value / (base[i] as number)))];
      }),
    ),
    foreignShare: toSpread(foreign),
  };
}

const coalesced = (kind: ClientKind, journal?: boolean): Trial => ({
  kind,
  workload: { tokens: 256, "events-per-write": 8 },
  load: { streams: 8, requests: 0, ...(journal !== undefined && { journal }) },
});

export const runCoalesced = (context: PartContext): Promise<CpuResult> =>
  run(context, {
    trials: { floor: coalesced("floor"), record: coalesced("record"), open: coalesced("open") },
    requests: context.isQuick ? [100, 500] : [800, 4000],
    ratios: [
      ["record", "floor"],
      ["open", "record"],
    ],
  });

export const runJournalCost = (context: PartContext): Promise<CpuResult> =>
  run(context, {
    trials: { "with journal": coalesced("record", true), "without journal": coalesced("record", false) },
    requests: context.isQuick ? [100, 1000] : [800, 8000],
    ratios: [["with journal", "without journal"]],
  });

const paced = (kind: ClientKind, env?: Record<string, string>): Trial => ({
  kind,
  workload: { tokens: 250, pace: "20ms", "first-token": "20ms", spread: "1s" },
  load: { streams: 200, requests: 0, ...(env !== undefined && { env }) },
});

/** Go wakes threads for nothing where it may use more cores than it needs; `record` sees to that by itself. */
const ONE_CORE = { GOMAXPROCS: "1" };

export const runPaced = (context: PartContext): Promise<CpuResult> =>
  run(context, {
    trials: {
      floor: paced("floor"),
      record: paced("record"),
      "floor, GOMAXPROCS=1": paced("floor", ONE_CORE),
    },
    requests: context.isQuick ? [200, 400] : [200, 1000],
    ratios: [
      ["record", "floor"],
      ["record", "floor, GOMAXPROCS=1"],
    ],
  });
