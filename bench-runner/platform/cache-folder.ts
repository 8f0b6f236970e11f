// The folder that setup and the runner share between runs.
import { homedir } from "node:os";
import { join } from "node:path";

/** `server-bench` in `XDG_CACHE_HOME`, or in `~/.cache` without it, on every system. */
export function cacheFolder(variables: Readonly<Record<string, string | undefined>>): string {
  return join(variables.XDG_CACHE_HOME || join(homedir(), ".cache"), "server-bench");
}
