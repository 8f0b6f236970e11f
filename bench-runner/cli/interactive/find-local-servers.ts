// The servers on this machine that answer: the usual ports, all asked at once, for a moment.
import { setTimeout as delay } from "node:timers/promises";
import { OPEN_ACCESS } from "../../platform/access.ts";
import { requestServer } from "../../platform/server-request.ts";
import { UserError } from "../../platform/user-error.ts";
import { describeSoftware, type Found } from "../../servers/discover/describe-found.ts";
import { findServer } from "../../servers/discover/discover.ts";

/** A server of this machine answers in milliseconds; a busy one in less than this. */
const HELLO_MS = 700;
const TELL_MS = 1_500;

export interface LocalServer {
  url: string;
  /** Its software, as far as it reports it: "vLLM 0.10.2". */
  name?: string;
  models: string[];
  /** Why it cannot be measured as it is: no key, not ready. One sentence. */
  trouble?: string;
}

/** A server for LLMs reports at least one of these; a web server on such a port reports none. */
function isForModels({ software, models, endpoint }: Found): boolean {
  return software !== undefined || models.names.length > 0 || endpoint !== undefined;
}

/** What is known of a server, for a list of choices. */
export function toLocalServer({ url, software, models }: Found): LocalServer {
  return { url, models: models.names, ...(software && { name: describeSoftware(software) }) };
}

async function askPort(port: number): Promise<LocalServer | undefined> {
  const url = `http://127.0.0.1:${port}`;
  let status: number;
  try {
    // An unknown server gets no key.
    ({ status } = await requestServer(`${url}/v1/models`, OPEN_ACCESS, { timeoutMs: HELLO_MS }));
  } catch {
    return undefined;
  }
  try {
    const found = await Promise.race([findServer(url, OPEN_ACCESS), delay(TELL_MS, undefined)]);
    return found !== undefined && isForModels(found) ? toLocalServer(found) : undefined;
  } catch (error) {
    const mayBeOne = status === 401 || status === 403 || status === 503;
    return error instanceof UserError && mayBeOne ? { url, models: [], trouble: error.message } : undefined;
  }
}

/** In the order of the ports; ports without an answer are left out. */
export async function findLocalServers(ports: readonly number[]): Promise<LocalServer[]> {
  const found = await Promise.all(ports.map(askPort));
  return found.filter((server) => server !== undefined);
}
