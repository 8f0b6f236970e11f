// The load: k6 from its start to its end, whatever ends it, with the live display and the samplers.
import { setTimeout as delay } from "node:timers/promises";
import { readLastLines } from "../platform/file-tail.ts";
import type { Guard } from "../platform/guard.ts";
import type { Ended, ProcessGroup } from "../platform/processes.ts";
import type { StopRequest } from "../platform/stop-request.ts";
import type { ServerLine } from "../run-folder/run-files.ts";
import { toServerValues } from "../servers/metrics/server-metric-names.ts";
import type { TargetServer } from "../servers/start/target-server.ts";
import { STOP_MS, stopK6, waitUntilOverdue } from "./end-k6.ts";
import { isEndedByThreshold } from "./k6-log.ts";
import { LiveDisplay } from "./progress/terminal-progress.ts";
import { startGpuSampler } from "./samplers/gpu-sampler.ts";
import { readMetricsLine, startSampler } from "./samplers/sampler.ts";

const STOP_MS_WITHOUT_SERVER = 5_000;
/** A server needs a moment to notice that clients hung up; only then do its counters stop changing. */
const SETTLE_MS = 2_000;
/** Lines of k6's log that have its last words, with those of a stopped load around them. */
const LAST_WORDS = 20;

export interface LoadEnd {
  k6: Ended;
  /** "overdue": requests were stuck behind its planned end. */
  endedBy: "itself" | "stop" | "server_death" | "overdue";
  /** It did not end when it was asked to: the runner killed it. */
  killed?: true;
  startedUnixMs: number;
  endedUnixMs: number;
  done: number;
  /** Warnings or errors of k6 were shown during the run. */
  k6HasSpoken: boolean;
  /** k6 says that a threshold ended the run before its end. */
  thresholdEndedIt: boolean;
  /** /metrics was read before and after. */
  serverMetrics: boolean;
}

export interface LoadOptions {
  startK6: () => ProcessGroup;
  server: TargetServer;
  stop: StopRequest;
  guard: Pick<Guard, "add" | "remove">;
  journalPath: string;
  k6LogPath: string;
  durationSeconds: number;
  /** The longest from the first request to the end of the last one. */
  mostSeconds: number;
  /** Absent if only time ends the run. */
  iterations?: number;
  /** Without a live line. */
  quiet: boolean;
  write: (line: ServerLine) => void;
  /** A text without the secrets that are known. */
  hidden: (text: string) => string;
}

async function waitForStop({ signal }: StopRequest): Promise<"stop"> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  return "stop";
}

async function readSettledMetrics(server: TargetServer): Promise<ReturnType<typeof readMetricsLine>> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const line = await readMetricsLine(server.reader, "after");
    const busy = toServerValues(Object.entries(line?.values ?? {})).requestsProcessing ?? 0;
    if (busy === 0 || performance.now() > deadline) return line;
    await delay(100);
  }
}

/** Runs k6 to its end. Never throws for what k6 or the server do. */
export async function runLoad(options: LoadOptions): Promise<LoadEnd> {
  const { server, stop } = options;
  const before = server.second !== undefined ? undefined : await readMetricsLine(server.reader, "before");
  if (before !== undefined) options.write(before);

  const gpus = startGpuSampler(options.write, options.guard);
  const startedUnixMs = Date.now();
  const k6 = options.startK6();
  const live = new LiveDisplay({
    journalPath: options.journalPath,
    k6LogPath: options.k6LogPath,
    totalMs: options.durationSeconds * 1000,
    ...(options.iterations !== undefined && { expected: options.iterations }),
    quiet: options.quiet,
    output: process.stderr,
    hidden: options.hidden,
  });
  const listening = server.listener && "pid" in server.listener ? server.listener.pid : undefined;
  const pids = { server: server.group?.pid ?? listening, k6: k6.pid, runner: process.pid };
  const known = Object.fromEntries(Object.entries(pids).filter(([, pid]) => pid !== undefined));
  const sampler = startSampler(server.reader, known, {
    scrapes: before !== undefined,
    write: options.write,
  });

  const readProgress = () => live.progress;
  let isKilled = false;
  const endedBy = await Promise.race([
    k6.ended.then(() => "itself" as const),
    waitForStop(stop),
    waitUntilOverdue(k6, readProgress, options.mostSeconds),
    ...(server.group === undefined ? [] : [server.group.ended.then(() => "server_death" as const)]),
  ]);
  if (endedBy === "stop") {
    live.say(`Stopping (${stop.reason}): results so far are kept. Press Ctrl-C again to quit immediately.`);
    isKilled = await stopK6(k6, readProgress, STOP_MS);
  } else if (endedBy === "server_death") {
    live.say("The server died: stopping the load.");
    isKilled = await stopK6(k6, readProgress, STOP_MS_WITHOUT_SERVER);
  } else if (endedBy === "overdue") {
    live.say("k6 does not end, although its load is over: it is stopped.");
    isKilled = await stopK6(k6, readProgress, STOP_MS);
  }
  const endedUnixMs = Date.now();
  await Promise.all([sampler.stop(), gpus.stop()]);
  const done = live.progress?.done ?? 0;
  live.stop();

  const isServerThere = server.group === undefined || server.group.end === undefined;
  const after = before !== undefined && isServerThere ? await readSettledMetrics(server) : undefined;
  if (after !== undefined) options.write(after);
  return {
    k6: k6.end ?? {},
    // If the server died at the same moment, that is why k6 failed.
    endedBy: endedBy === "itself" && !isServerThere ? "server_death" : endedBy,
    ...(isKilled && { killed: true as const }),
    startedUnixMs,
    endedUnixMs,
    done,
    k6HasSpoken: live.hasSpoken,
    thresholdEndedIt: isEndedByThreshold(readLastLines(options.k6LogPath, LAST_WORDS)),
    serverMetrics: before !== undefined && after !== undefined,
  };
}
