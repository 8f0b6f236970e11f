// What the binary of k6 says of itself: its versions, whether it has a launcher, and what it may do on this machine.
import { LAUNCH_VARIABLE } from "./launched-command.ts";
import { type CommandResult, runCommand } from "./processes.ts";

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

/** What a binary with a launcher answers; see xk6-sse/internal/launch. */
type Tried = PriorityOptions & { packets: Possible; k6?: string; extension?: string };

export interface AskedK6 {
  /** What it wrote last: the launcher's answer, or that of `k6 version`. */
  shown: CommandResult;
  /** As the launcher says them; no `extension` where the build has none. */
  versions?: { version: string; extension?: string };
  /** Absent where sessions make no difference (not Linux), or the k6 at this path has no launcher. */
  launcher?: Launcher;
}

/** Answers by path: neither the program nor its rights change while this process runs. */
const answers = new Map<string, Promise<AskedK6>>();

/** Asks the program at this path once, with one start of it: k6 takes longer to start than all that it is asked. */
export function askK6(path: string): Promise<AskedK6> {
  const known = answers.get(path) ?? ask(path);
  answers.set(path, known);
  return known;
}

async function ask(path: string): Promise<AskedK6> {
  const isLinux = process.platform === "linux";
  const shown = await runCommand(path, ["version"], isLinux ? { env: { [LAUNCH_VARIABLE]: "try" } } : {});
  // A k6 without a launcher shows its version.
  if (shown.exitCode !== 0 || !shown.stdout.startsWith("{")) return { shown };
  const { packets, k6, extension, ...priority } = JSON.parse(shown.stdout) as Tried;
  const launcher = { path, packets, priority };
  if (k6 === undefined) return { shown: await runCommand(path, ["version"]), launcher };
  return { shown, versions: { version: k6, ...(extension !== undefined && { extension }) }, launcher };
}

/** @returns undefined where sessions make no difference (not Linux), or the k6 at this path has no launcher */
export async function findLauncher(k6: string): Promise<Launcher | undefined> {
  return (await askK6(k6)).launcher;
}
