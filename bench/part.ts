// What a part of the benchmark gets and gives.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readHostUsage } from "../bench-runner/platform/proc.ts";
import { type ClientKind, type ClientUse, type Load, runClient } from "./client.ts";
import {
  type NullServer,
  type ServerReport,
  type ServerSettings,
  startNullServer,
  type Workload,
} from "./null-server.ts";

export interface PartContext {
  /** How often each measurement is repeated, all of them in turn. */
  repeats: number;
  /** Small figures that show that it works, not how well. */
  isQuick: boolean;
  say(text: string): void;
}

/** One measurement: a client against a server of its own. */
export interface Trial {
  /** One of this project's clients, or how to run another one. */
  kind: ClientKind | ((server: NullServer, load: Load) => Promise<ClientUse>);
  workload: Workload;
  load: Omit<Load, "folder">;
  /** The truth is wanted: the server keeps its log. */
  keepTruth?: boolean;
  server?: Omit<ServerSettings, "log">;
}

export interface TrialResult {
  client: ClientUse;
  server: ServerReport;
  /** CPU that neither of the two used, as a share of all cores: above a few percent the machine was not quiet. */
  foreignShare?: number;
}

/**
 * Runs a trial in a folder that is gone afterwards.
 * @param read is given the folder while its files are there: `records.jsonl` and `truth.jsonl`
 */
export async function runTrial<T = undefined>(
  trial: Trial,
  read?: (folder: string) => Promise<T>,
): Promise<TrialResult & { found: T }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-engine-"));
  try {
    const before = { host: readHostUsage().cpuSeconds, own: ownSeconds(), at: performance.now() };
    const log = trial.keepTruth ? { log: join(folder, "truth.jsonl") } : {};
    const server = await startNullServer(trial.workload, { ...trial.server, ...log });
    let report: ServerReport | undefined;
    let client: ClientUse;
    try {
      const load = { ...trial.load, folder };
      client = await (typeof trial.kind === "function"
        ? trial.kind(server, load)
        : runClient(trial.kind, server, load));
    } finally {
      report = await server.stop();
    }
    const seconds = (performance.now() - before.at) / 1000;
    const host = readHostUsage().cpuSeconds;
    const known = client.cpuSeconds + report.cpuSeconds + ownSeconds() - before.own;
    return {
      client,
      server: report,
      ...(host !== undefined &&
        before.host !== undefined && {
          foreignShare: Math.max(host - before.host - known, 0) / seconds / navigator.hardwareConcurrency,
        }),
      found: (await read?.(folder)) as T,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
