// The load: k6 from its start to its end, whatever ends it, with the live display and the samplers.
import { setTimeout as delay } from "node:timers/promises";
import { readLastLines } from "../platform/file-tail.ts";
import type { Guard } from "../platform/guard.ts";
import type { Ended, ProcessGroup } from "../platform/processes.ts";
import type { StopRequest } from "../platform/stop-request.ts";
import type { ServerLine } from "../run-folder/run-files.ts";
import { toServerValues } from "../servers/metrics/server-metric-names.ts";
import type { TargetServer } from "../servers/start/target-server.ts";
import { isEndedByThreshold } from "./k6-log.ts";
import { LiveDisplay } from "./progress/terminal-progress.ts";
import { startGpuSampler } from "./samplers/gpu-sampler.ts";
import { readMetricsLine, startSampler } from "./samplers/sampler.ts";

/** Time that k6 has to write its summary after a stop request. */
const STOP_MS = 15_000;
const STOP_MS_WITHOUT_SERVER = 5_000;
/** A server needs a moment to notice that clients hung up; only then do its counters stop changing. */
const SETTLE_MS = 2_000;
/** Lines of k6's log that have its last words, with those of a stopped load around them. */
const LAST_WORDS = 20;

export interface LoadEnd {
  k6: Ended;
  endedBy: "itself" | "stop" | "server_death";
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

/** Stops k6 as Ctrl-C does, so that it still writes its summary; kills it if it does not end in time. */
async function stopK6(k6: ProcessGroup, graceMs: number): Promise<void> {
  k6.signal("SIGINT");
  const timer = setTimeout(() => k6.signal("SIGKILL"), graceMs);
  await k6.ended;
  clearTimeout(timer);
}

/** Waits for the end of k6; stops it as Ctrl-C does when the user asks for that. */
export async function awaitK6(k6: ProcessGroup, { signal }: StopRequest): Promise<Ended> {
  const stop = () => k6.signal("SIGINT");
  signal.addEventListener("abort", stop, { once: true });
  const end = await k6.ended;
  signal.removeEventListener("abort", stop);
  return end;
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

  const endedBy = await Promise.race([
    k6.ended.then(() => "itself" as const),
    waitForStop(stop),
    ...(server.group === undefined ? [] : [server.group.ended.then(() => "server_death" as const)]),
  ]);
  if (endedBy === "stop") {
    live.say(`Stopping (${stop.reason}): results so far are kept. Press Ctrl-C again to quit immediately.`);
    await stopK6(k6, STOP_MS);
  } else if (endedBy === "server_death") {
    live.say("The server died: stopping the load.");
    await stopK6(k6, STOP_MS_WITHOUT_SERVER);
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
    startedUnixMs,
    endedUnixMs,
    done,
    k6HasSpoken: live.hasSpoken,
    thresholdEndedIt: isEndedByThreshold(readLastLines(options.k6LogPath, LAST_WORDS)),
    serverMetrics: before !== undefined && after !== undefined,
  };
}
