// How k6 gets the processor before other programs: what was asked for, as far as this machine permits it.
//
// By itself k6 never runs in real time: on the same cores it would take from a server what it wants, and measure it as that slow.
import type { StampSource } from "../../lib/core/request/facts.ts";
import { EXIT } from "../platform/exit-codes.ts";
import type { Launcher } from "../platform/launcher.ts";
import { UserError } from "../platform/user-error.ts";
import type { ClientPriority } from "../run-folder/run-files.ts";
import { K6_RIGHTS } from "./k6-rights.ts";

export type AskedPriority = "auto" | ClientPriority["kind"];

/** For k6 itself: `priorityVariable` in xk6-sse/sse/client_priority.go. */
export const PRIORITY_VARIABLE = "SERVER_BENCH_CLIENT_PRIORITY";

const NO_LAUNCHER = { possible: false, reason: "this k6 cannot raise its priority here" };

/**
 * @param launcher what k6 may do; undefined where it can do nothing
 * @param stamps where times of tokens come from
 * @param startsServer the run starts the server, in the session that k6 then shares
 * @returns what k6 will do, and why not more
 * @throws UserError where something is asked for that is not permitted
 */
export function chooseClientPriority(
  asked: AskedPriority,
  launcher: Launcher | undefined,
  startsServer: boolean,
  stamps: "auto" | StampSource,
): ClientPriority {
  const allowed = launcher?.priority ?? { realtime: NO_LAUNCHER, autogroup: NO_LAUNCHER };
  const shared = startsServer ? "server's" : "runner's";
  const toSession = (kind: ClientPriority["kind"]) =>
    launcher === undefined || kind === "autogroup" ? "own" : shared;
  if (asked === "none") return { kind: "none", session: toSession("none") };
  if (asked !== "auto") {
    const { possible, reason } = allowed[asked];
    if (possible) return { kind: asked, session: toSession(asked) };
    throw new UserError(`k6 cannot have \`--client-priority ${asked}\`: ${reason}. ${K6_RIGHTS}`, EXIT.usage);
  }
  // With the times of packets nothing is read too late, and the server keeps the cores.
  if (launcher?.packets.possible && (stamps === "auto" || stamps === "packet")) {
    return { kind: "none", session: toSession("none"), reason: "packet stamps are exact without it" };
  }
  const { possible, reason } = allowed.autogroup;
  if (possible) return { kind: "autogroup", session: toSession("autogroup") };
  return { kind: "none", session: toSession("none"), ...(reason !== undefined && { reason }) };
}

/** How k6 is started so that it gets this priority. */
export function toPriorityStart({ kind, session }: ClientPriority): {
  variables: Record<string, string>;
  ownSession: boolean;
} {
  return { variables: { [PRIORITY_VARIABLE]: kind }, ownSession: session === "own" };
}
