// The same two workloads through the peers and through record: CPU an event, and 1,000 streams opened at once.
import { join } from "node:path";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import { readJournal } from "../../bench-runner/run-folder/journal-reader.ts";
import { journalOf } from "../client.ts";
import { measureSlope } from "../cpu-slope.ts";
import { type PartContext, runTrial, type Trial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";
import type { InstalledPeers } from "./install-peers.ts";
import type { Installed } from "./peer.ts";
import { runGroup } from "./process-group.ts";
import { readServerTtft } from "./server-log.ts";

/** What a client shows in one round. */
interface Round {
  microsPerEvent: number;
  /** As the client reports it, and as the server's log has it from a request's first byte; ms. */
  ttftP50: number;
  serverTtftP50: number;
  /** Ours only: counted from before the connection, as the peers do. */
  ttftP50WithConnecting: number;
  /** At once, by the server's own count. */
  heldStreams: number;
  connections: number;
  peakMb: number;
  burstSeconds: number;
  foreignShare: number;
}

/** The results of one client; a value that could not be measured is absent, and `failures` has the reasons. */
export interface PeerFigures {
  figures: Partial<Record<keyof Round, Spread>>;
  failures: string[];
}

export interface PeersResult {
  streams: number;
  clients: Record<string, PeerFigures>;
}

const OURS = "record";

const LONGEST_SECONDS = 120;

type ReadTtft = (folder: string) => Promise<Pick<Round, "ttftP50"> & Partial<Round>>;

/** @param peers those that are installed, and why others are not */
export async function runPeers(
  context: PartContext,
  { installed, failures }: InstalledPeers,
): Promise<PeersResult> {
  const streams = context.isQuick ? 100 : 1000;
  const rounds: Record<string, Partial<Round>[]> = {};
  const clients: Record<string, PeerFigures> = { [OURS]: { figures: {}, failures: [] } };
  const contestants: [string, Trial["kind"], ReadTtft][] = [[OURS, "record", readOurTtft]];
  for (const [name, peer] of Object.entries(installed)) {
    clients[name] = { figures: {}, failures: [] };
    contestants.push([name, toKind(peer), readPeerTtft(peer)]);
  }
  for (const [name, reason] of Object.entries(failures)) clients[name] = { figures: {}, failures: [reason] };
  for (let repeat = 0; repeat < context.repeats; repeat++) {
    for (const [name, kind, readTtft] of contestants) {
      const client = clients[name] as PeerFigures;
      const slope = await attempt(context, name, client, () => measureCpu(context, name, kind));
      const burst = await attempt(context, name, client, () => measureBurst(streams, kind, readTtft));
      if (burst !== undefined) {
        const [own, truth, held] = [burst.ttftP50, burst.serverTtftP50, burst.heldStreams];
        context.say(
          `${name}: TTFT p50 ${own?.toFixed(0)} ms, the server's ${truth?.toFixed(0)}, ${held} held`,
        );
      }
      const foreignShare = Math.max(slope?.foreignShare ?? 0, burst?.foreignShare ?? 0);
      rounds[name] = [...(rounds[name] ?? []), { ...burst, ...slope, foreignShare }];
    }
  }
  for (const [name, list] of Object.entries(rounds)) {
    const keys = new Set(list.flatMap((round) => Object.keys(round) as (keyof Round)[]));
    for (const key of keys) {
      const values = list.flatMap((round) => round[key] ?? []);
      (clients[name] as PeerFigures).figures[key] = toSpread(values);
    }
  }
  return { streams, clients };
}

/** One client's failure is a line of the table; the others go on. */
async function attempt<T>(
  context: PartContext,
  name: string,
  client: PeerFigures,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    context.say(`${name}: ${error.message}`);
    client.failures.push(error.message);
  }
}

const toKind =
  (peer: Installed): Trial["kind"] =>
  (server, load) => {
    const command = peer.toCommand(server.url.replace(/\/v1$/, ""), load);
    return runGroup(command, load.folder, peer.env, LONGEST_SECONDS);
  };

const measureCpu = (context: PartContext, name: string, kind: Trial["kind"]) =>
  measureSlope(
    context,
    name,
    { kind, workload: { tokens: 256, "events-per-write": 8 }, load: { streams: 8, requests: 0 } },
    context.isQuick ? [50, 150] : [400, 2400],
  );

async function measureBurst(
  streams: number,
  kind: Trial["kind"],
  readTtft: ReadTtft,
): Promise<Partial<Round>> {
  const { client, server, foreignShare, found } = await runTrial(
    {
      kind,
      workload: { tokens: 256, pace: "20ms", "first-token": "200ms" },
      load: { streams, requests: streams * 2 },
      keepTruth: true,
    },
    async (folder) => ({
      ...(await readTtft(folder)),
      serverTtftP50: (await readServerTtft(join(folder, "truth.jsonl"))).p50,
    }),
  );
  return {
    ...found,
    heldStreams: server.peakStreams,
    connections: server.connections,
    burstSeconds: client.seconds,
    peakMb: client.maxRssBytes / 1e6,
    ...(foreignShare !== undefined && { foreignShare }),
  };
}

const readPeerTtft =
  (peer: Installed): ReadTtft =>
  async (folder) => {
    const ttftP50 = peer.readTtft(folder).p50;
    if (!Number.isFinite(ttftP50)) throw new UserError("reports no median time to first token");
    return { ttftP50 };
  };

const readOurTtft: ReadTtft = async (folder) => {
  const [fromSent, fromStart]: [number[], number[]] = [[], []];
  for await (const line of readJournal(journalOf(folder))) {
    if (line.type !== "request" || line.firstTokenMs === undefined) continue;
    fromSent.push(line.firstTokenMs - (line.sentMs as number));
    fromStart.push(line.firstTokenMs - line.startMs);
  }
  return { ttftP50: toSpread(fromSent).median, ttftP50WithConnecting: toSpread(fromStart).median };
};
