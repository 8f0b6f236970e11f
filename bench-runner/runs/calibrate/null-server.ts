// The null server of a calibration: built if missing, started, and ended with the run.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { ProcessGroup } from "../../platform/processes.ts";
import { inProject } from "../../platform/project-root.ts";
import type { Session } from "../../platform/session.ts";
import { UserError } from "../../platform/user-error.ts";
import { withLog } from "../../servers/start/llama-server.ts";

const PROGRAM = inProject("bin", process.platform === "win32" ? "null-server.exe" : "null-server");
/** The first build compiles for a minute, and may download Go first. */
const BUILD_MS = 600_000;
const READY_MS = 10_000;

/**
 * Builds bin/null-server if it is missing or its sources have changed; setup reports its steps on stderr.
 * @throws UserError if the build fails
 */
export async function buildNullServer(stopped: AbortSignal): Promise<string> {
  const setup = inProject("setup.mjs");
  if (!existsSync(setup)) {
    if (existsSync(PROGRAM)) return PROGRAM;
    throw new UserError(`The null server is missing (${PROGRAM}), and so is ${setup}, which would build it.`);
  }
  const { failed } = await execa(process.execPath, [setup, "null-server"], {
    stdin: "ignore",
    stdout: ["inherit"],
    stderr: ["inherit"],
    reject: false,
    timeout: BUILD_MS,
    cancelSignal: stopped,
  });
  if (failed && !stopped.aborted) {
    throw new UserError(
      "The null server, which a calibration runs against, could not be built: see above. Runs do not need it.",
    );
  }
  return PROGRAM;
}

export interface NullServer {
  /** Base URL. */
  url: string;
  group: ProcessGroup;
}

/** @param flags by name, without dashes @throws UserError if it does not start */
export async function startNullServer(
  session: Session,
  program: string,
  flags: Readonly<Record<string, string | number>>,
  place: { logPath: string; ownSession: boolean },
): Promise<NullServer> {
  const { logPath } = place;
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const group = session.start({ file: program, args, ...place });
  const deadline = Date.now() + READY_MS;
  while (group.end === undefined && Date.now() < deadline) {
    const url = /"url":"([^"]*)\/v1"/.exec(existsSync(logPath) ? readFileSync(logPath, "utf8") : "")?.[1];
    if (url !== undefined) return { url, group };
    await delay(20);
  }
  throw new UserError(withLog("The null server did not start.", logPath));
}
