// A starved client: what each reports of a server whose log says how it was.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import { compareWithTruth } from "../../bench-runner/runs/calibrate/truth.ts";
import { startBusyLoops } from "../busy-loops.ts";
import { journalOf } from "../client.ts";
import { type PartContext, runTrial, type Trial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";
import { awaitConnection } from "./first-connection.ts";
import type { InstalledPeers } from "./install-peers.ts";
import type { Installed } from "./peer.ts";
import { runGroup } from "./process-group.ts";
import { readServerTtft } from "./server-log.ts";

/** What a client reports, and the server's log; TTFT in ms. */
interface Round {
  clientP50: number;
  clientP99: number;
  serverP50: number;
  serverP99: number;
}

export type StarvedPeers = Record<
  string,
  { figures: Partial<Record<keyof Round, Spread>>; failures: string[] }
>;

const LOOPS = 3;
const LONGEST_SECONDS = 300;
/** The answer begins after 25 ms and has a token every 5 ms. */
const WORKLOAD = { tokens: 64, pace: "5ms", "first-token": "25ms" };

/** @param peers those that are installed, and why others are not @returns what each reports beside three busy loops, and ours with both sources of time stamps */
export async function runStarvedPeers(
  context: PartContext,
  { installed, failures: missing }: InstalledPeers,
): Promise<StarvedPeers> {
  const rounds: Record<string, Round[]> = {};
  const failures: Record<string, string[]> = {};
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    const contestants: [name: string, run: () => Promise<Round>][] = [
      ...(["packet", "kernel"] as const).map(
        (stamps) =>
          [`record, ${stamps} stamps`, () => runOurs(context, stamps)] as [string, () => Promise<Round>],
      ),
      ...Object.entries(installed).map(
        ([name, peer]) => [name, () => runPeer(context, peer)] as [string, () => Promise<Round>],
      ),
    ];
    for (const [name, run] of contestants) {
      rounds[name] ??= [];
      failures[name] ??= [];
      try {
        const round = await run();
        rounds[name].push(round);
        context.say(
          `starved, ${name}: TTFT p99 ${round.clientP99.toFixed(0)} ms, the server's ${round.serverP99.toFixed(0)}`,
        );
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        context.say(`starved, ${name}: ${error.message}`);
        failures[name].push(error.message);
      }
    }
  }
  for (const [name, reason] of Object.entries(missing)) {
    rounds[name] = [];
    failures[name] = [reason];
  }
  return Object.fromEntries(
    Object.entries(rounds).map(([name, list]) => [
      name,
      { figures: toFigures(list), failures: failures[name] ?? [] },
    ]),
  );
}

function toFigures(list: readonly Round[]): Partial<Record<keyof Round, Spread>> {
  const [first] = list;
  if (first === undefined) return {};
  const keys = Object.keys(first) as (keyof Round)[];
  return Object.fromEntries(keys.map((key) => [key, toSpread(list.map((round) => round[key]))]));
}

const toLoad = ({ isQuick }: PartContext) => ({ streams: 4, requests: isQuick ? 12 : 160 });

async function runOurs(context: PartContext, stamps: "packet" | "kernel"): Promise<Round> {
  const load = { ...toLoad(context), stamps, session: "least" as const };
  const stop = startBusyLoops(LOOPS, undefined, LONGEST_SECONDS);
  try {
    const { found } = await runTrial(
      { kind: "record", workload: WORKLOAD, keepTruth: true, load },
      (folder) => compareWithTruth(journalOf(folder), join(folder, "truth.jsonl"), false),
    );
    return toRound(found.ttft);
  } finally {
    await stop();
  }
}

function toRound({ client, server }: Record<"client" | "server", { p50: number; p99: number }>): Round {
  return { clientP50: client.p50, clientP99: client.p99, serverP50: server.p50, serverP99: server.p99 };
}

/**
 * Starves a client from its first connection on: Python loads its packages for a minute of CPU time, which would take half an
 * hour of the least share of a core.
 * @returns what ends the loops
 */
async function starveLater(
  session: number,
  port: number,
  signal: AbortSignal,
): Promise<(() => Promise<void>) | undefined> {
  if (!(await awaitConnection(port, signal))) return undefined;
  writeFileSync(`/proc/${session}/autogroup`, "19");
  return startBusyLoops(LOOPS, undefined, LONGEST_SECONDS);
}

async function runPeer(context: PartContext, peer: Installed): Promise<Round> {
  const kind: Trial["kind"] = async (server, load) => {
    const command = peer.toCommand(server.url.replace(/\/v1$/, ""), load);
    const ended = new AbortController();
    let stopLoops: Promise<(() => Promise<void>) | undefined> | undefined;
    try {
      return await runGroup(command, load.folder, peer.env, LONGEST_SECONDS, (session) => {
        stopLoops = starveLater(session, Number(new URL(server.url).port), ended.signal);
      });
    } finally {
      ended.abort();
      await (await stopLoops)?.();
    }
  };
  const { found } = await runTrial(
    { kind, workload: WORKLOAD, keepTruth: true, load: toLoad(context) },
    async (folder) => ({
      client: peer.readTtft(folder),
      server: await readServerTtft(join(folder, "truth.jsonl")),
    }),
  );
  if (!Number.isFinite(found.client.p50)) throw new UserError("reports no time to first token");
  return toRound(found);
}
