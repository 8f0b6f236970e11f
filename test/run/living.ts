// Whether processes live, for tests of what must not be left running.
import { setTimeout as delay } from "node:timers/promises";
import { readStatFields } from "../../bench-runner/platform/proc.ts";

/** A zombie, which only waits to be taken note of, is dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const fields = readStatFields(pid);
  // No /proc, or gone in this moment.
  return fields === undefined ? process.platform !== "linux" : fields[0] !== "Z";
}

/** Waits until the condition holds, at most `limitMs`. @returns whether it came to hold */
export async function eventually(condition: () => boolean, limitMs = 10_000): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    if (condition()) return true;
    await delay(20);
  }
  return condition();
}
