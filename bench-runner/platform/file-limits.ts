// The limit of open files, checked before a run with many clients reaches it: each stream is an open file on both sides.
import { runCommand } from "./processes.ts";
import { UserError } from "./user-error.ts";

export interface FileLimits {
  /** Infinity if there is none. */
  soft: number;
  hard: number;
}

/** Files that a program needs in addition to its streams: a comfortable number … */
const COMFORTABLE = 100;
/** … and the minimum: k6 with its journal, log and a connection that is being replaced. */
const BARE = 24;

/** Parses two lines of `ulimit`; undefined for anything else. Pure. */
export function parseLimits(text: string): FileLimits | undefined {
  const [soft, hard] = text
    .trim()
    .split("\n")
    .map((line) => (line.trim() === "unlimited" ? Number.POSITIVE_INFINITY : Number(line.trim() || "none")));
  if (soft === undefined || hard === undefined || Number.isNaN(soft) || Number.isNaN(hard)) return undefined;
  return { soft, hard };
}

/** The limits of processes started here; undefined if the system does not report them. */
export async function readFileLimits(): Promise<FileLimits | undefined> {
  if (process.platform === "win32") return undefined;
  const { exitCode, stdout } = await runCommand("/bin/sh", ["-c", "ulimit -Sn; ulimit -Hn"]);
  return exitCode === 0 ? parseLimits(stdout) : undefined;
}

/**
 * The notice before the load begins; undefined if the limits suffice. k6 is written in Go, which raises the soft limit
 * to the hard one by itself; a server may not.
 * @throws UserError if the clients cannot all have a connection
 */
export function judgeFileLimits(
  { soft, hard }: FileLimits,
  { clients, serverStartsHere }: { clients: number; serverStartsHere: boolean },
): string | undefined {
  const wanted = clients + COMFORTABLE;
  const remedy = `\`ulimit -n ${wanted}\` before the run raises it${hard < wanted ? ", above the hard limit as root (or in /etc/security/limits.conf)" : ""}`;
  if (hard < clients + BARE) {
    throw new UserError(
      `${clients} clients need ${clients + BARE} open files or more, and ${hard} are allowed here (\`ulimit -Hn\`). ${remedy}; or use fewer \`--vus\`.`,
    );
  }
  if (hard < wanted) {
    return `The limit of open files is low: ${hard} (\`ulimit -Hn\`) for ${clients} clients. ${remedy}.`;
  }
  return serverStartsHere && soft < wanted
    ? `The server may run out of open files: ${soft} are allowed (\`ulimit -n\`) for ${clients} clients. ${remedy}.`
    : undefined;
}

/** @returns the notice, if any @throws UserError if the clients cannot all have a connection */
export async function checkFileLimits(
  run: Parameters<typeof judgeFileLimits>[1],
): Promise<string | undefined> {
  const limits = await readFileLimits();
  return limits && judgeFileLimits(limits, run);
}
