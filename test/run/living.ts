// Whether processes live, for tests of what must not be left running.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A zombie, which only waits to be taken note of, is dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
  } catch {
    // No /proc, or gone in this moment.
    return process.platform !== "linux";
  }
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
