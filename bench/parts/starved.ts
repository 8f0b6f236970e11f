// A client that gets the processor late: what it reports of a server whose log says how it was.
import { join } from "node:path";
import { compareWithTruth, type StampReport } from "../../bench-runner/runs/calibrate/truth.ts";
import { startBusyLoops } from "../busy-loops.ts";
import { journalOf, type Load } from "../client.ts";
import { BUSY_ARGS, findModel, keepBusy, startLlamaServer } from "../llama-server.ts";
import { type PartContext, runTrial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

/** All times in ms; each the median and range over the repeats. */
export interface StarvedFigures {
  clientTtftP50: Spread;
  clientTtftP99: Spread;
  serverTtftP50: Spread;
  serverTtftP99: Spread;
  clientItlP50: Spread;
  serverItlP50: Spread;
  /** Client − server, over all tokens. */
  errorP99: Spread;
  /** Tokens that have the time of a later one although the server sent them a millisecond or more apart. */
  mergedShare: Spread;
  lagMaxMs?: Spread;
}

export interface StarvedResult {
  figures: Record<string, StarvedFigures>;
  /** Every repeat's own report. */
  reports: Record<string, StampReport[]>;
}

/** What keeps the cores busy beside client and server; the returned function ends it. */
type BusyLoad = () => Promise<() => Promise<void>>;

interface Case {
  busy: BusyLoad;
  client: Pick<Load, "stamps" | "priority" | "session">;
}

const LOOPS = 3;
const LONGEST_SECONDS = 300;

const loops: BusyLoad = async () => startBusyLoops(LOOPS, undefined, LONGEST_SECONDS);

const llama: BusyLoad = async () => {
  const server = await startLlamaServer({ threads: navigator.hardwareConcurrency, args: BUSY_ARGS });
  const stop = keepBusy(server);
  return async () => {
    await stop();
    await server.stop();
  };
};

function cases(): Record<string, Case> {
  return {
    "starved, packet": { busy: loops, client: { stamps: "packet", session: "least" } },
    "starved, kernel": { busy: loops, client: { stamps: "kernel", session: "least" } },
    "starved, kernel, real time": {
      busy: loops,
      client: { stamps: "kernel", session: "least", priority: "realtime" },
    },
    "own session, kernel": { busy: loops, client: { stamps: "kernel", session: "own" } },
    "own session, raised, kernel": {
      busy: loops,
      client: { stamps: "kernel", session: "own", priority: "autogroup" },
    },
    "server's session, kernel": { busy: loops, client: { stamps: "kernel" } },
    ...(findModel() !== undefined && {
      "beside llama-server, own session, packet": {
        busy: llama,
        client: { stamps: "packet", session: "own" },
      },
      "beside llama-server, own session, kernel": {
        busy: llama,
        client: { stamps: "kernel", session: "own" },
      },
      "beside llama-server, real time, packet": {
        busy: llama,
        client: { stamps: "packet", priority: "realtime" },
      },
    }),
  };
}

export async function runStarved({ repeats, isQuick, say }: PartContext): Promise<StarvedResult> {
  const reports: Record<string, StampReport[]> = {};
  const workload = { tokens: 64, pace: "5ms", "first-token": "25ms" };
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, { busy, client }] of Object.entries(cases())) {
      const stop = await busy();
      try {
        const load = { streams: 4, requests: isQuick ? 12 : 160, ...client };
        const trial = { kind: "record" as const, workload, keepTruth: true, load };
        const { found } = await runTrial(trial, (folder) =>
          compareWithTruth(journalOf(folder), join(folder, "truth.jsonl"), false),
        );
        reports[name] = [...(reports[name] ?? []), found];
        const { ttft, error, lateMergedShare } = found;
        say(
          `${name}: TTFT p99 ${ttft.client.p99.toFixed(1)} ms, the server's log ${ttft.server.p99.toFixed(1)} ms, error p99 ${error.p99.toFixed(3)} ms, merged ${(lateMergedShare * 100).toFixed(2)} %`,
        );
      } finally {
        await stop();
      }
    }
  }
  const figures = Object.entries(reports).map(([name, list]) => [name, toFigures(list)]);
  return { figures: Object.fromEntries(figures) as StarvedResult["figures"], reports };
}

function toFigures(reports: StampReport[]): StarvedFigures {
  const of = (pick: (report: StampReport) => number) => toSpread(reports.map(pick));
  return {
    clientTtftP50: of((r) => r.ttft.client.p50),
    clientTtftP99: of((r) => r.ttft.client.p99),
    serverTtftP50: of((r) => r.ttft.server.p50),
    serverTtftP99: of((r) => r.ttft.server.p99),
    clientItlP50: of((r) => r.clientItl.p50),
    serverItlP50: of((r) => r.serverItl.p50),
    errorP99: of((r) => r.error.p99),
    mergedShare: of((r) => r.lateMergedShare),
    ...(reports.every((r) => r.lagMaxMs !== undefined) && { lagMaxMs: of((r) => r.lagMaxMs as number) }),
  };
}
