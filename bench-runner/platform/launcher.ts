// Whether k6's binary has a launcher, and what k6 may do for its priority on this machine.
import { LAUNCH_VARIABLE } from "./launched-command.ts";
import { runCommand } from "./processes.ts";

/** Found out by trying. */
export interface Possible {
  possible: boolean;
  /** Why not. */
  reason?: string;
}

export interface PriorityOptions {
  realtime: Possible;
  autogroup: Possible;
}

export interface Launcher {
  path: string;
  /** Whether packets may be captured. */
  packets: Possible;
  /** The rights of k6 itself: another program may have others. */
  priority: PriorityOptions;
}

/** @returns undefined where sessions make no difference (not Linux), or the k6 at this path has no launcher */
export async function findLauncher(k6: string): Promise<Launcher | undefined> {
  if (process.platform !== "linux") return undefined;
  const { exitCode, stdout } = await runCommand(k6, [], { env: { [LAUNCH_VARIABLE]: "try" } });
  // A k6 without a launcher shows its help.
  const isAnswer = exitCode === 0 && stdout.startsWith("{");
  if (!isAnswer) return undefined;
  const { packets, ...priority } = JSON.parse(stdout) as PriorityOptions & { packets: Possible };
  return { path: k6, packets, priority };
}
