// TTFT when 1,000 streams are opened at once, on new and on kept connections, against the server's log.
import { join } from "node:path";
import { compareWithTruth, type TtftReport } from "../../bench-runner/runs/calibrate/truth.ts";
import { journalOf } from "../client.ts";
import { type PartContext, runTrial, type Trial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

/** All in ms; each the median and range over the repeats. */
export interface BurstFigures {
  clientP50: Spread;
  clientP99: Spread;
  serverP50: Spread;
  serverP99: Spread;
  /** Client − server, request by request. */
  errorP50: Spread;
  errorP99: Spread;
  /** What the connection took, which is in none of the above. */
  connectP50?: Spread;
  connectP99?: Spread;
  /** How far apart the requests reached the server. */
  arrivals: Spread;
}

export interface BurstResult {
  streams: number;
  figures: Record<string, BurstFigures>;
}

/** The scenario sends its second request when its first is dealt with: that burst is as wide as the dealing takes. */
const CLIENTS = { record: "burst", "record in the scenario": "record", floor: "floor" } as const;

export async function runBurst(context: PartContext): Promise<BurstResult> {
  const streams = context.isQuick ? 200 : 1000;
  const reports: Record<string, TtftReport[]> = {};
  const note = (name: string, report: TtftReport | undefined) => {
    if (report === undefined) return;
    reports[name] = [...(reports[name] ?? []), report];
    const { client, server, error } = report;
    context.say(
      `${name}: TTFT p50 ${client.p50.toFixed(1)} ms, the server's ${server.p50.toFixed(1)}, apart ${error.p50.toFixed(2)}`,
    );
  };
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const [name, kind] of Object.entries(CLIENTS)) {
      const trial: Trial = {
        kind,
        workload: { tokens: 25, pace: "20ms", "first-token": "200ms" },
        // The second half goes out on the connections of the first, again all at once.
        load: { streams, requests: streams * 2, journal: true },
        keepTruth: true,
      };
      const { found } = await runTrial(trial, (folder) =>
        compareWithTruth(journalOf(folder), join(folder, "truth.jsonl"), false),
      );
      note(`${name}, cold`, found.coldTtft);
      note(`${name}, warm`, found.warmTtft);
    }
  }
  const figures = Object.entries(reports).map(([name, list]) => [name, toFigures(list)]);
  return { streams, figures: Object.fromEntries(figures) as Record<string, BurstFigures> };
}

function toFigures(reports: TtftReport[]): BurstFigures {
  const of = (pick: (report: TtftReport) => number) => toSpread(reports.map(pick));
  const hasConnect = reports.every((report) => report.connect !== undefined);
  return {
    clientP50: of((r) => r.client.p50),
    clientP99: of((r) => r.client.p99),
    serverP50: of((r) => r.server.p50),
    serverP99: of((r) => r.server.p99),
    errorP50: of((r) => r.error.p50),
    errorP99: of((r) => r.error.p99),
    ...(hasConnect && {
      connectP50: of((r) => r.connect?.p50 as number),
      connectP99: of((r) => r.connect?.p99 as number),
    }),
    arrivals: of((r) => r.arrivalsMs),
  };
}
