// The folder that setup and the runner share between runs.
import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/** `server-bench` in `XDG_CACHE_HOME`, or in `~/.cache` without it, on every system. */
export function cacheFolder(variables: Variables): string {
  return join(variables.XDG_CACHE_HOME || join(homedir(), ".cache"), "server-bench");
}

/**
 * The same for what a run writes: where the home folder is read-only, one of the user's own in the temporary folder. Where
 * `XDG_CACHE_HOME` names a folder, it is that one in any case.
 */
export function writableCacheFolder(variables: Variables): string {
  const usual = cacheFolder(variables);
  if (variables.XDG_CACHE_HOME || isWritable(usual)) return usual;
  const user = process.getuid?.();
  const other = join(tmpdir(), `server-bench-cache${user === undefined ? "" : `-${user}`}`);
  // Another user may have put a folder of that name there.
  return isWritable(other) && (user === undefined || statSync(other).uid === user) ? other : usual;
}

/** Makes the folder if it is missing. */
function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
