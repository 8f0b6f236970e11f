// A control group (version 2) for what one command starts: its processes cannot leave it, whatever they do.
//
// It is made below the runner's own group, where that may be written and passes no controller on: the new group then
// shares processor and memory as before, and what is measured does not change.
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readProcFile } from "./proc.ts";
import { sendSignal } from "./send-signal.ts";

export interface OwnCgroup {
  path: string;
  /** The ids of its processes. */
  list(): number[];
  /** Ends all of them at once. */
  kill(): void;
  /** @returns whether it is gone: a process that has just been killed holds it for a moment after it left the list */
  remove(): boolean;
}

/** @param name unique on this machine @returns undefined where there is no such group to be had */
export function makeCgroup(name: string): OwnCgroup | undefined {
  if (process.platform !== "linux") return undefined;
  const parent = findOwnGroup(read("/proc/self/mountinfo"), read("/proc/self/cgroup"));
  if (parent === undefined || read(join(parent, "cgroup.subtree_control")).trim() !== "") return undefined;
  const path = join(parent, name);
  // The guardian's list has a blank between two names.
  if (/\s/.test(path)) return undefined;
  try {
    mkdirSync(path);
  } catch {
    return undefined;
  }
  const list = () => {
    const text = read(join(path, "cgroup.procs")).trim();
    return text === "" ? [] : text.split("\n").map(Number);
  };
  return {
    path,
    list,
    kill() {
      try {
        writeFileSync(join(path, "cgroup.kill"), "1");
      } catch {
        // Linux before 5.14 has no such file.
        for (const pid of list()) sendSignal(pid, "SIGKILL");
      }
    },
    remove() {
      try {
        rmdirSync(path);
        return true;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ENOENT";
      }
    },
  };
}

/** The folder of this process's group in the hierarchy of version 2; undefined without one. Pure. */
export function findOwnGroup(mounts: string, groups: string): string | undefined {
  const own = /^0::(.*)$/m.exec(groups)?.[1];
  for (const line of mounts.split("\n")) {
    // 30 23 0:26 ROOT MOUNT OPTIONS … - cgroup2 cgroup2 …
    const [, , , root, mount] = line.split(" ");
    if (!line.includes(" - cgroup2 ") || root === undefined || mount === undefined || own === undefined)
      continue;
    const below = relative(root, own);
    return below.startsWith("..") ? undefined : join(mount, below);
  }
  return undefined;
}

/** A command that enters the group before it becomes the given one. Pure. */
export function toCommandInside(
  { path }: Pick<OwnCgroup, "path">,
  { file, args }: { file: string; args: readonly string[] },
): { file: string; args: string[] } {
  const enter = 'echo $$ > "$0" 2>/dev/null; exec "$@"';
  return { file: "/bin/sh", args: ["-c", enter, join(path, "cgroup.procs"), file, ...args] };
}

const read = (path: string): string => readProcFile(path) ?? "";
