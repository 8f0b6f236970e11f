// Looks at a running k6 again and again: its memory, goroutines and open files.
import { readdirSync, readFileSync } from "node:fs";

export interface SoakSample {
  /** Since the first sample. */
  seconds: number;
  memoryMb: number;
  goroutines: number;
  descriptors: number;
}

/** What a sample counts. */
export const WATCHED = ["memoryMb", "goroutines", "descriptors"] as const;
export type Watched = (typeof WATCHED)[number];

const ANSWER_WITHIN_MS = 5000;

/** @param address where k6 serves its profiles (`--profiling-enabled --address`) */
export async function takeSample(
  pid: number,
  address: string,
  seconds: number,
): Promise<SoakSample | undefined> {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    const response = await fetch(`http://${address}/debug/pprof/goroutine?debug=1`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    // The profile lists every kind of goroutine; its first line has their number.
    const goroutines = Number(/^goroutine profile: total (\d+)/.exec(await response.text())?.[1]);
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
    const sample = { seconds, memoryMb: (kilobytes * 1024) / 1e6, goroutines, descriptors };
    return Object.values(sample).every(Number.isFinite) ? sample : undefined;
  } catch {
    return undefined; // it has not started yet, or is gone
  }
}
