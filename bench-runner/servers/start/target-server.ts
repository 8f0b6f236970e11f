// The server that is measured: started and awaited, or reached where it runs already.

import type { Access } from "../../platform/access.ts";
import { findListener, type Listener } from "../../platform/listening-process.ts";
import type { ProcessGroup } from "../../platform/processes.ts";
import type { Session } from "../../platform/session.ts";
import type { StartFacts } from "../../run-folder/run-files.ts";
import type { CachedServer } from "../cache/reset-cache.ts";
import { askServer } from "../discover/ask-server.ts";
import { findServer } from "../discover/discover.ts";
import { recognizeSoftware, type SoftwareName } from "../discover/software.ts";
import { ServerReader } from "../metrics/server-metrics.ts";
import { openCommandServer } from "./command-server.ts";
import { describeDeath, waitUntilReady } from "./llama-server.ts";
import type { ServerPlan } from "./server-plan.ts";
import { readStartFacts } from "./start-facts.ts";

export interface TargetServer {
  url: string;
  reader: ServerReader;
  /** The version of its software, where that is reported. */
  version?: string;
  /** The other one of two that are measured at once: the figures of either are not those of all clients. */
  second?: CachedServer;
  /** What it is, where that is known. */
  software?: SoftwareName;
  /** False for a llama-server that was started without a cache in host memory. */
  hasHostCache?: boolean;
  /** Absent for a server that ran already. */
  group?: ProcessGroup;
  /** The process of a server that ran already on this machine, or why it is not known. */
  listener?: Listener;
  /** What its start cost; absent for a server that ran already. */
  start?: StartFacts;
  /** What to say when it died; absent for a server that ran already. */
  describeDeath?(): string;
}

/** @throws UserError where nothing answers, or the server is not ready or refuses access */
async function reachServer(url: string, access: Access): Promise<TargetServer> {
  const { software } = await findServer(url, access);
  const version = software?.version;
  const listener = findListener(url);
  return {
    url,
    reader: new ServerReader(url, access),
    ...(version !== undefined && { version }),
    ...(software !== undefined && { software: software.name }),
    ...(listener !== undefined && { listener }),
  };
}

/** What a server that was started by a command is; undefined where nothing shows it. */
async function recognize(url: string, access: Access): Promise<SoftwareName | undefined> {
  try {
    return recognizeSoftware(await askServer(url, access))?.name;
  } catch {
    return undefined;
  }
}

/**
 * @param options.logPath where a server of our own writes
 * @returns a server that is ready; or one that may not be, where the user wanted to stop meanwhile
 * @throws UserError
 */
export async function openServer(
  plan: ServerPlan,
  session: Session,
  options: { access: Access; logPath: string; readyTimeoutSeconds: number },
): Promise<TargetServer> {
  if (plan.kind === "url") {
    const server = await reachServer(plan.url, options.access);
    if (plan.secondUrl === undefined) return server;
    const second = await reachServer(plan.secondUrl, options.access);
    const { listener: _, ...first } = server;
    return { ...first, second };
  }
  const reader = new ServerReader(plan.url, options.access);
  if (plan.kind === "command") {
    const server = await openCommandServer(plan, session, options);
    const known = session.stop.signal.aborted ? undefined : await recognize(plan.url, options.access);
    return { url: plan.url, reader, ...server, ...(known !== undefined && { software: known }) };
  }
  const { logPath } = options;
  const sinceMs = performance.now();
  const group = session.start({
    file: plan.program,
    args: plan.args,
    variables: plan.variables,
    logPath,
  });
  const readySeconds = await waitUntilReady(group, reader, {
    sinceMs,
    timeoutSeconds: options.readyTimeoutSeconds,
    logPath,
    stopped: session.stop.signal,
  });
  return {
    url: plan.url,
    reader,
    group,
    software: "llama-server",
    hasHostCache: plan.hasHostCache,
    ...(readySeconds !== undefined && { start: await readStartFacts(group.pid, readySeconds) }),
    describeDeath: () => describeDeath("while it was measured", group.end ?? {}, logPath),
  };
}
