// CPU time and memory of processes and of the host, from Linux's /proc; elsewhere only what Node reports.
import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";

// USER_HZ is 100 on every Linux that people run; Node has no sysconf.
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Sums since the start of the process or of the machine; memory as it is now. */
export interface Usage {
  cpuSeconds: number;
  memoryBytes: number;
}

/** A file of /proc, or one like it; undefined where it cannot be read: the process is gone, or another user's. */
export function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** The fields of a /proc/PID/stat line behind the program's name, from the state on. Pure. */
export function toStatFields(text: string): string[] {
  // The program's name, in parentheses, may itself contain spaces and parentheses.
  return text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
}

/** Those of a process; undefined for one that is gone, or without /proc. */
export function readStatFields(pid: number): string[] | undefined {
  const text = readProcFile(`/proc/${pid}/stat`);
  return text === undefined ? undefined : toStatFields(text);
}

/** utime + stime and resident pages of a /proc/PID/stat line; undefined for another text. Pure. */
export function parseStat(text: string): Usage | undefined {
  const fields = toStatFields(text);
  const [utime, stime, pages] = [fields[11], fields[12], fields[21]].map(Number);
  if (utime === undefined || stime === undefined || pages === undefined) return undefined;
  if (![utime, stime, pages].every(Number.isFinite)) return undefined;
  return { cpuSeconds: (utime + stime) / TICKS_PER_SECOND, memoryBytes: pages * PAGE_BYTES };
}

/** Busy CPU seconds (user, nice, system, irq, softirq, steal) of the first line of /proc/stat. Pure. */
export function parseHostCpu(text: string): number | undefined {
  const fields = /^cpu\s+(.*)$/m.exec(text)?.[1]?.split(" ").map(Number);
  if (fields === undefined) return undefined;
  const busy = [0, 1, 2, 5, 6, 7].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
  return busy / TICKS_PER_SECOND;
}

/**
 * A process with its descendants, `depth` levels down, but without the runner and what that has started; undefined if it has
 * exited, or without /proc.
 */
export function readProcessUsage(pid: number, depth: number): Usage | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  const usage = stat === undefined ? undefined : parseStat(stat);
  if (usage === undefined || depth === 0) return usage;
  const children = readProcFile(`/proc/${pid}/task/${pid}/children`)?.trim() ?? "";
  for (const child of children === "" ? [] : children.split(" ").map(Number)) {
    const part = child === process.pid ? undefined : readProcessUsage(child, depth - 1);
    usage.cpuSeconds += part?.cpuSeconds ?? 0;
    usage.memoryBytes += part?.memoryBytes ?? 0;
  }
  return usage;
}

/** The whole machine; memory that programs use, without the page cache if that is known. */
export function readHostUsage(): { cpuSeconds?: number; memoryBytes: number } {
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(readProcFile("/proc/meminfo") ?? "")?.[1];
  const free = available === undefined ? freemem() : Number(available) * 1024;
  const cpuSeconds = parseHostCpu(readProcFile("/proc/stat") ?? "");
  return { memoryBytes: totalmem() - free, ...(cpuSeconds !== undefined && { cpuSeconds }) };
}
