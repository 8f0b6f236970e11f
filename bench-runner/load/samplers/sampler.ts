// Once a second while the load runs: the server's /metrics, and CPU and memory of host, server, k6 and runner.
import { readHostUsage, readProcessUsage, type Usage } from "../../platform/proc.ts";
import type { HostLine, MetricsLine, ServerLine } from "../../run-folder/run-files.ts";
import type { ServerReader } from "../../servers/metrics/server-metrics.ts";
import { SERVER_GENERATIONS } from "../../servers/start/start-facts.ts";

type Role = "server" | "k6" | "runner";

/** Turns sums of CPU seconds into busy cores between two samples. */
export class HostSampler {
  readonly #pids: Partial<Record<Role, number>>;
  #before: { atMs: number; host?: number; roles: Partial<Record<Role, number>> } | undefined;

  constructor(pids: Partial<Record<Role, number>>) {
    this.#pids = pids;
  }

  /** @param atMs monotonic milliseconds */
  sample(atMs: number): HostLine {
    const host = readHostUsage();
    const usages: Partial<Record<Role, Usage>> = {};
    for (const [role, pid] of Object.entries(this.#pids) as [Role, number][]) {
      // The server may run below a wrapper script; server and k6 run below the runner and are not counted as part of it.
      const usage = readProcessUsage(pid, role === "runner" ? 0 : SERVER_GENERATIONS);
      if (usage !== undefined) usages[role] = usage;
    }
    const before = this.#before;
    const cores = (now: number | undefined, then: number | undefined) =>
      before === undefined || now === undefined || then === undefined || atMs <= before.atMs
        ? undefined
        : Math.max(0, ((now - then) * 1000) / (atMs - before.atMs));
    const processes: HostLine["processes"] = {};
    const roles: Partial<Record<Role, number>> = {};
    for (const [role, usage] of Object.entries(usages) as [Role, Usage][]) {
      const cpuCores = cores(usage.cpuSeconds, before?.roles[role]);
      processes[role] = { memoryBytes: usage.memoryBytes, ...(cpuCores !== undefined && { cpuCores }) };
      roles[role] = usage.cpuSeconds;
    }
    const cpuCores = cores(host.cpuSeconds, before?.host);
    this.#before = { atMs, roles, ...(host.cpuSeconds !== undefined && { host: host.cpuSeconds }) };
    return {
      type: "host",
      atUnixMs: Date.now(),
      memoryUsedBytes: host.memoryBytes,
      ...(cpuCores !== undefined && { cpuCores }),
      processes,
    };
  }
}

/** One reading of /metrics as a line; undefined when the server does not answer. */
export async function readMetricsLine(
  reader: ServerReader,
  moment?: "before" | "after",
): Promise<MetricsLine | undefined> {
  const values = await reader.metrics();
  if (values === undefined) return undefined;
  return {
    type: "metrics",
    atUnixMs: Date.now(),
    ...(moment !== undefined && { moment }),
    values: Object.fromEntries(values),
  };
}

/**
 * Samples every second until stopped. If the server answers slowly, seconds are skipped, not queued.
 * @param write gets each line
 */
export function startSampler(
  reader: ServerReader,
  pids: Partial<Record<Role, number>>,
  options: { scrapes: boolean; write: (line: ServerLine) => void },
): { stop(): Promise<void> } {
  const host = new HostSampler(pids);
  let scrape: Promise<void> | undefined;
  const tick = () => {
    options.write(host.sample(performance.now()));
    if (!options.scrapes || scrape !== undefined) return;
    scrape = readMetricsLine(reader)
      .then((line) => (line === undefined ? undefined : options.write(line)))
      .finally(() => {
        scrape = undefined;
      });
  };
  tick();
  const timer = setInterval(tick, 1000);
  return {
    async stop() {
      clearInterval(timer);
      await scrape;
    },
  };
}
