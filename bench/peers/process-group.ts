// Runs a peer with all of its processes: their CPU, their memory together, and an end for those that find none.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { readProcFile, readStatFields } from "../../bench-runner/platform/proc.ts";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import type { ClientUse } from "../client.ts";
import { MEASURE } from "../programs.ts";

const SAMPLE_MS = 500;

/**
 * In a session of its own.
 * @param onStart gets the id of the session
 * @throws UserError where it fails, or has to be stopped
 */
export async function runGroup(
  command: readonly string[],
  folder: string,
  env: Record<string, string>,
  longestSeconds: number,
  onStart?: (session: number) => void,
): Promise<ClientUse> {
  const result = join(folder, "use.json");
  // A group of its own: all of it can be stopped, whatever has become of its first process.
  const child = execa(MEASURE, [result, ...command], {
    ...{ cwd: folder, env, stdin: "ignore", all: true, reject: false, detached: true },
  });
  const group = child.pid ?? 0;
  if (group > 0) onStart?.(group);
  const stop = () => {
    try {
      if (group > 0) process.kill(-group, "SIGKILL");
    } catch {
      // It is gone.
    }
  };
  const leave = () => process.exit(130);
  process.once("exit", stop).once("SIGINT", leave).once("SIGTERM", leave);
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, readGroupBytes(group));
  }, SAMPLE_MS);
  let isLate = false;
  const ending = setTimeout(() => {
    isLate = true;
    stop();
  }, longestSeconds * 1000);
  const ended = await child;
  clearInterval(sampler);
  clearTimeout(ending);
  process.off("exit", stop).off("SIGINT", leave).off("SIGTERM", leave);
  stop();
  if (isLate) throw new UserError(`did not end within ${longestSeconds} s and was stopped`);
  if (ended.failed) throw new UserError(`failed (exit ${ended.exitCode}): ${toReason(String(ended.all))}`);
  return { ...(JSON.parse(readFileSync(result, "utf8")) as ClientUse), maxRssBytes: peak };
}

/** The last line of a program's output that speaks of an error. Pure. */
export function toReason(output: string): string {
  const lines = output.trim().split("\n");
  return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "").trim();
}

/** Memory of all processes of a group; pages that several of them share count once. 0 where there is no /proc. */
function readGroupBytes(group: number): number {
  let kilobytes = 0;
  for (const pid of existsSync("/proc") ? readdirSync("/proc") : []) {
    if (!/^\d+$/.test(pid)) continue;
    if (readStatFields(Number(pid))?.[2] !== String(group)) continue;
    // Nothing of one that has ended meanwhile.
    const memory = readProcFile(`/proc/${pid}/smaps_rollup`) ?? "";
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0);
  }
  return kilobytes * 1024;
}
