// The process that listens on a port of this machine, from Linux's /proc: no privileges, as far as processes are the user's own.
import { readdirSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { isLocalUrl } from "./local-url.ts";
import { readProcFile } from "./proc.ts";

/** Its process, or why it is not known. */
export type Listener = { pid: number; name: string } | { absent: string };

/** The state of a socket that listens, in /proc/net/tcp. */
const LISTENING = "0A";

/** Programs that pass connections on to a process of another container, machine or user: their memory is not the server's. */
const FORWARDERS = [
  "docker-proxy",
  "rootlessport",
  "slirp4netns",
  "pasta",
  "kubectl",
  "ssh",
  "sshd",
  "socat",
];

/** Inodes of the sockets that listen on a port, of a table like /proc/net/tcp. Pure. */
export function parseListeners(table: string, port: number): string[] {
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    const isAtPort = Number.parseInt(local.split(":").at(-1) ?? "", 16) === port;
    return isAtPort && state === LISTENING && inode !== undefined ? [inode] : [];
  });
}

const read = (path: string): string => readProcFile(path) ?? "";

/** The sockets of a process; none of one that is another user's. */
function hasSocket(pid: number, links: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((name) => {
      try {
        return links.has(readlinkSync(`${folder}/${name}`));
      } catch {
        // Closed meanwhile.
        return false;
      }
    });
  } catch {
    return false;
  }
}

function toParent(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Programs that run others' code: the name of that says more. */
const INTERPRETER = /^(python|node|ruby|java|sh|bash)[\d.]*$/;

/** The program of a command line, or the script or module that an interpreter runs. Pure. */
export function toProgramName([program = "", ...args]: readonly string[]): string {
  const name = basename(program);
  if (!INTERPRETER.test(name)) return name;
  const script = args[0] === "-m" ? args[1] : args.find((arg) => arg !== "" && !arg.startsWith("-"));
  const isCode = ["-e", "-c", "--eval"].some((flag) => args.includes(flag));
  return script === undefined || isCode ? name : basename(script);
}

function findPids(inodes: readonly string[]): number[] {
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.map(Number).filter((pid) => hasSocket(pid, links));
  // Workers inherit the socket; their parent's use includes theirs.
  return found.filter((pid) => !found.includes(toParent(pid)));
}

/**
 * @param url of a server that runs already
 * @returns undefined for a server of another machine
 */
export function findListener(url: string): Listener | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !isLocalUrl(url)) return undefined;
  if (process.platform !== "linux") return { absent: "only Linux says which process listens on a port" };
  const port = Number(parsed.port || (parsed.protocol === "https:" ? 443 : 80));
  const inodes = ["tcp", "tcp6"].flatMap((table) => parseListeners(read(`/proc/net/${table}`), port));
  if (inodes.length === 0) {
    return { absent: `no process in this network namespace listens on port ${port}: it is forwarded` };
  }
  const pids = findPids(inodes);
  const [pid] = pids;
  if (pid === undefined) {
    return {
      absent: `the process that listens on port ${port} belongs to another user or container: run as that user, or as root`,
    };
  }
  if (pids.length > 1) return { absent: `${pids.length} separate processes listen on port ${port}` };
  const name = toProgramName(read(`/proc/${pid}/cmdline`).split("\0"));
  if (FORWARDERS.includes(name)) return { absent: `port ${port} is forwarded by ${name}` };
  return { pid, name };
}
