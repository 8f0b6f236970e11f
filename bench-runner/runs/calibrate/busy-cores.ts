// Cores that were busy beside the client during a run, kept busy again while a calibration takes its times.
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { readHostUsage } from "../../platform/proc.ts";
import type { Session } from "../../platform/session.ts";
import type { Summary } from "../../summary/summary.ts";

/** Over this time the machine is watched before, to see what keeps it busy anyway. */
const WATCH_MS = 1_000;
/** Less than this is not worth a process. */
const LEAST_CORES = 0.05;

/** Busy for the given share of each 10 ms; the whole time without a pause. */
const LOOP = `
const [share] = process.argv.slice(1).map(Number);
const pause = new Int32Array(new SharedArrayBuffer(4));
for (;;) {
  const end = performance.now() + 10 * share;
  while (performance.now() < end);
  if (share < 1) Atomics.wait(pause, 0, 0, 10 * (1 - share));
}`;

/** Cores that a run's server and other programs of the machine kept busy, on average; undefined where they were not sampled. Pure. */
export function toCoresBeside({ host, client }: Pick<Summary, "host" | "client">): number | undefined {
  if (host === undefined || client?.k6CpuCores === undefined) return undefined;
  return Math.max(0, host.cpuCores.mean - client.k6CpuCores);
}

/** The shares of a core that processes take to occupy this many: whole ones, and the rest. Pure. */
export function toShares(cores: number): number[] {
  const whole = Math.floor(cores);
  const rest = cores - whole;
  return [...Array<number>(whole).fill(1), ...(rest >= LEAST_CORES ? [rest] : [])];
}

/** Busy cores of the machine now; undefined where that is unknown. */
async function watchCores(): Promise<number | undefined> {
  const before = readHostUsage().cpuSeconds;
  const startedAt = performance.now();
  await delay(WATCH_MS);
  const after = readHostUsage().cpuSeconds;
  if (before === undefined || after === undefined) return undefined;
  return ((after - before) * 1000) / (performance.now() - startedAt);
}

export interface BusyCores {
  /** Cores that are kept busy in addition to what is busy anyway. */
  cores: number;
  stop(): Promise<void>;
}

/**
 * Starts loops for what is missing to the cores that were busy in the run.
 * @param place.ownSession the run's server had another session than its client
 * @param place.logPath gets what they write: nothing
 */
export async function occupyCores(
  session: Session,
  wanted: number,
  place: { ownSession: boolean; logPath: string },
): Promise<BusyCores> {
  const missing = wanted - ((await watchCores()) ?? 0);
  const shares = toShares(Math.min(Math.max(missing, 0), availableParallelism()));
  const groups = shares.map((share) =>
    session.start({ file: process.execPath, args: ["-e", LOOP, String(share)], ...place }),
  );
  return {
    cores: shares.reduce((sum, share) => sum + share, 0),
    stop: async () => {
      await Promise.all(groups.map((group) => group.stop(0)));
    },
  };
}
