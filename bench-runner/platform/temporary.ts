// Temporary files and folders that say whose they are: what a killed process left behind is removed by the next one.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readProcFile, readStatFields } from "./proc.ts";

/** PLACE-PID-START: the machine (since its boot, in this container), the process there, and when that was started. */
interface Owner {
  place: string;
  pid: number;
  start: string;
}

const OWNER = /([0-9a-f]{8})-(\d+)-(\d+)/;
const FILE = new RegExp(`\\.${OWNER.source}\\.tmp$`);
const FOLDER = new RegExp(`^server-bench-[a-z]+-${OWNER.source}-`);
/** Whether a process of another machine or container lives cannot be told; nothing takes that long. */
const OTHERS_MS = 24 * 3600 * 1000;

/** A path beside the given one, for a file that is to replace it; abandoned ones in that folder are removed first. */
export function toTemporaryPath(path: string): string {
  removeAbandoned(dirname(path), FILE);
  return join(dirname(path), `${basename(path)}.${describeOwner()}.tmp`);
}

/** Creates an empty folder in the system's one for temporary files, and removes abandoned ones. @param what lower case */
export function makeTemporaryFolder(what: string): string {
  removeAbandoned(tmpdir(), FOLDER);
  return mkdtempSync(join(tmpdir(), `server-bench-${what}-${describeOwner()}-`));
}

function describeOwner(): string {
  return `${ownPlace()}-${process.pid}-${readStart(process.pid) ?? "0"}`;
}

function removeAbandoned(folder: string, names: RegExp): void {
  for (const name of list(folder)) {
    const [, place, pid, start] = names.exec(name) ?? [];
    if (place === undefined || pid === undefined || start === undefined) continue;
    try {
      const path = join(folder, name);
      if (isAbandoned({ place, pid: Number(pid), start }, statSync(path).mtimeMs)) {
        rmSync(path, { recursive: true, force: true });
      }
    } catch {
      // Another user's, or gone.
    }
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAbandoned({ place, pid, start }: Owner, changedMs: number): boolean {
  if (place !== ownPlace()) return Date.now() - changedMs > OTHERS_MS;
  if (process.platform === "linux") return readStart(pid) !== start;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function ownPlace(): string {
  const boot = readProcFile("/proc/sys/kernel/random/boot_id") ?? hostname();
  const processes = readLink("/proc/self/ns/pid") ?? "";
  return createHash("sha256").update(`${boot} ${processes}`).digest("hex").slice(0, 8);
}

/** When the process started, in the kernel's ticks since the boot; undefined for one that is gone, or without /proc. */
function readStart(pid: number): string | undefined {
  return readStatFields(pid)?.[19];
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
