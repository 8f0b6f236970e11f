// Ports, open files and servers: whether there is room for the wanted number of streams.
import { readFileSync } from "node:fs";
import { formatNumber } from "../../../lib/core/units.ts";
import { type FileLimits, judgeFileLimits, readFileLimits } from "../../platform/file-limits.ts";
import { UserError } from "../../platform/user-error.ts";
import { choosePort } from "../../servers/start/server-port.ts";
import { findLocalServers, type LocalServer } from "../interactive/find-local-servers.ts";
import { toLocalPorts } from "../interactive/local-ports.ts";
import type { DoctorContext, Finding } from "./finding.ts";
import { splitRemedy } from "./program-checks.ts";

type Streams = Pick<DoctorContext, "streams" | "isStreamsAsked">;

const count = (value: number) =>
  value === Number.POSITIVE_INFINITY ? "any number" : formatNumber(value, "count");

/** @param limits undefined where the system does not report them */
export function judgeFiles(limits: FileLimits | undefined, { streams, isStreamsAsked }: Streams): Finding {
  if (limits === undefined) return { status: "absent", text: "this system does not report the limit" };
  const wanted = `${count(streams)} streams`;
  try {
    const notice = judgeFileLimits(limits, { clients: streams, serverStartsHere: true });
    if (notice === undefined)
      return { status: "ok", text: `${count(limits.soft)} allowed: enough for ${wanted}` };
    return { status: "warn", ...splitRemedy(notice) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { status: isStreamsAsked ? "fail" : "warn", ...splitRemedy(error.message) };
  }
}

export async function checkFiles(context: DoctorContext): Promise<Finding> {
  return judgeFiles(await readFileLimits(), context);
}

/** "32768\t60999": the first and last port that connections get. */
export function parsePortRange(text: string): number | undefined {
  const [, first, last] = /^\s*(\d+)\s+(\d+)\s*$/.exec(text) ?? [];
  return first === undefined ? undefined : Number(last) - Number(first) + 1;
}

/** Each stream to a server is a connection with its own port; a closed connection keeps its port for a minute. */
export function judgePorts(ports: number | undefined, { streams, isStreamsAsked }: Streams): Finding {
  if (ports === undefined)
    return { status: "ok", text: "one is free for a server; this system does not report how many" };
  const text = `${count(ports)} for connections, ${count(streams)} streams wanted`;
  if (ports >= 2 * streams) return { status: "ok", text };
  const remedy = "`sysctl -w net.ipv4.ip_local_port_range='10240 65535'` as root gives more.";
  return { status: ports < streams && isStreamsAsked ? "fail" : "warn", text, remedy };
}

function readPortRange(): number | undefined {
  try {
    return parsePortRange(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8"));
  } catch {
    return undefined;
  }
}

export async function checkPorts(context: DoctorContext): Promise<Finding> {
  try {
    await choosePort("127.0.0.1", undefined);
  } catch (error) {
    if (error instanceof UserError) return { status: "fail", text: error.message };
    throw error;
  }
  return judgePorts(readPortRange(), context);
}

export function judgeServers(servers: readonly LocalServer[], ports: readonly number[]): Finding {
  if (servers.length === 0) {
    return { status: "absent", text: `none answers on ports ${ports.join(", ")} of this machine` };
  }
  const names = servers.map(({ url, name, trouble }) => {
    const what = trouble === undefined ? name : "not ready, or requires a key";
    return `${url}${what === undefined ? "" : ` (${what})`}`;
  });
  return { status: "ok", text: names.join(", ") };
}

export async function checkServers({ variables }: DoctorContext): Promise<Finding> {
  try {
    const ports = toLocalPorts(variables.SERVER_BENCH_LOCAL_PORTS);
    return judgeServers(await findLocalServers(ports), ports);
  } catch (error) {
    if (error instanceof UserError) return { status: "warn", ...splitRemedy(error.message) };
    throw error;
  }
}
