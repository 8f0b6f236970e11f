// Stamp error: the token times that a client reports against the moments at which the server sent them.
import { join } from "node:path";
import { compareWithTruth, type StampReport } from "../../bench-runner/runs/calibrate/truth.ts";
import type { StampSource } from "../../lib/core/request/facts.ts";
import { startBusyLoops } from "../busy-loops.ts";
import { journalOf } from "../client.ts";
import { type PartContext, runTrial, type Trial } from "../part.ts";
import { canPin } from "../programs.ts";
import { type Spread, toSpread } from "../spread.ts";

/** All times in ms; each the median and range over the repeats. */
export interface StampFigures {
  errorP50: Spread;
  errorP99: Spread;
  unmergedErrorP50: Spread;
  unmergedErrorP99: Spread;
  /** How uncertain the truth itself is: p99 of the time that the server's sending call took. */
  truthWidthP99: Spread;
  mergedShare: Spread;
  lateMergedShare: Spread;
  crowdedShare: Spread;
  /** Client − server, of the gaps between tokens; the mean's as a share of it. */
  itlMeanShare: Spread;
  itlP1: Spread;
  itlP99: Spread;
  lagMeanMs?: Spread;
  lagMaxMs?: Spread;
  foreignShare: Spread;
}

export interface StampsResult {
  figures: Record<string, StampFigures>;
  /** Every repeat's own report. */
  reports: Record<string, StampReport[]>;
}

interface Case {
  trial: Trial;
  /** Number of busy loops on the client's core; the server has another core. */
  busyLoops?: number;
}

const CLIENT_CORE = 0;
const SERVER_CORE = 1;

function cases(isQuick: boolean): Record<string, Case> {
  const seconds = isQuick ? 4 : 12;
  const workload = { tokens: seconds * 50, pace: "20ms", "first-token": "500ms", spread: "1s" };
  const trial = (streams: number, more: Partial<Trial> = {}, stamps: StampSource = "kernel"): Trial => ({
    kind: "record",
    workload,
    keepTruth: true,
    ...more,
    load: { streams, requests: streams, stamps, ...more.load },
  });
  const shared = (stamps: StampSource): Case => ({
    trial: trial(200, {
      server: { core: SERVER_CORE },
      load: { streams: 200, requests: 200, stamps, core: CLIENT_CORE },
    }),
    busyLoops: 3,
  });
  // Two tokens a second, so that two cores can do it; the start of so many clients takes its time.
  const slow = {
    tokens: isQuick ? 6 : 60,
    pace: "500ms",
    "first-token": "500ms",
    spread: isQuick ? "1s" : "10s",
  };
  const many = (stamps: StampSource): Trial => trial(isQuick ? 500 : 10_000, { workload: slow }, stamps);
  const floor = { kind: "floor", load: { streams: 1000, requests: 1000, journal: true } } as const;
  return {
    "1,000 streams, packet": { trial: trial(1000, {}, "packet") },
    "1,000 streams, kernel": { trial: trial(1000) },
    "1,000 streams, user": { trial: trial(1000, {}, "user") },
    "1,000 streams, floor": { trial: trial(1000, floor, "user") },
    "10,000 streams, packet": { trial: many("packet") },
    "10,000 streams, kernel": { trial: many("kernel") },
    ...(canPin() && {
      "200 streams, shared core, packet": shared("packet"),
      "200 streams, shared core, kernel": shared("kernel"),
      "200 streams, shared core, user": shared("user"),
    }),
    "200 streams, TLS, packet": { trial: trial(200, { server: { protocol: "tls" } }, "packet") },
    "200 streams, TLS, kernel": { trial: trial(200, { server: { protocol: "tls" } }) },
    "200 streams, HTTP/2, packet": { trial: trial(200, { server: { protocol: "http2" } }, "packet") },
    "200 streams, HTTP/2, kernel": { trial: trial(200, { server: { protocol: "http2" } }) },
  };
}

export async function runStamps(context: PartContext): Promise<StampsResult> {
  const reports: Record<string, StampReport[]> = {};
  const foreign: Record<string, number[]> = {};
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const [name, { trial, busyLoops = 0 }] of Object.entries(cases(context.isQuick))) {
      const stopLoops = startBusyLoops(busyLoops, CLIENT_CORE, 120);
      try {
        const { found, foreignShare } = await runTrial(trial, (folder) =>
          compareWithTruth(journalOf(folder), join(folder, "truth.jsonl"), true),
        );
        reports[name] = [...(reports[name] ?? []), found];
        foreign[name] = [...(foreign[name] ?? []), foreignShare ?? Number.NaN];
        const { p50, p99 } = found.unmergedError;
        context.say(
          `${name}: error p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms, merged ${(found.mergedShare * 100).toFixed(2)} %`,
        );
      } finally {
        await stopLoops();
      }
    }
  }
  const figures = Object.entries(reports).map(([name, list]) => [
    name,
    toFigures(list, foreign[name] as number[]),
  ]);
  return { figures: Object.fromEntries(figures) as Record<string, StampFigures>, reports };
}

function toFigures(reports: StampReport[], foreign: number[]): StampFigures {
  const of = (pick: (report: StampReport) => number) => toSpread(reports.map(pick));
  return {
    errorP50: of((r) => r.error.p50),
    errorP99: of((r) => r.error.p99),
    unmergedErrorP50: of((r) => r.unmergedError.p50),
    unmergedErrorP99: of((r) => r.unmergedError.p99),
    truthWidthP99: of((r) => r.truthWidth.p99),
    mergedShare: of((r) => r.mergedShare),
    lateMergedShare: of((r) => r.lateMergedShare),
    crowdedShare: of((r) => r.crowdedShare),
    itlMeanShare: of((r) => r.clientItl.mean / r.serverItl.mean - 1),
    itlP1: of((r) => r.clientItl.p1 - r.serverItl.p1),
    itlP99: of((r) => r.clientItl.p99 - r.serverItl.p99),
    ...(reports.every((r) => r.lagMeanMs !== undefined) && {
      lagMeanMs: of((r) => r.lagMeanMs as number),
      lagMaxMs: of((r) => r.lagMaxMs as number),
    }),
    foreignShare: toSpread(foreign),
  };
}
