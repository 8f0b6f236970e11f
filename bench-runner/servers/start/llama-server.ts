// A llama-server that the runner starts: the wait until it is ready or dead, and how its end is described.
import { readLastLines } from "../../platform/file-tail.ts";
import type { Ended, ProcessGroup } from "../../platform/processes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { ServerReader } from "../metrics/server-metrics.ts";
import { explainServerLog } from "./server-log.ts";
import { waitForServer } from "./wait-ready.ts";

export const SHOWN_LOG_LINES = 20;

/** "exit code 1", "signal SIGKILL", "it could not be started (ENOENT)". */
export function describeEnd(end: Ended): string {
  if (end.startError !== undefined) return `could not be started (${end.startError})`;
  return end.signal === undefined ? `ended with exit code ${end.exitCode}` : `was ended by ${end.signal}`;
}

/** The last lines of the server's log, indented, below a sentence. */
export function withLog(sentence: string, logPath: string): string {
  const lines = readLastLines(logPath, SHOWN_LOG_LINES);
  if (lines.length === 0) return `${sentence} It wrote nothing.`;
  const heading = `Its last ${lines.length === 1 ? "line" : `${lines.length} lines`} (${logPath}):`;
  return [sentence, heading, ...lines.map((line) => `  ${line}`)].join("\n");
}

/** @returns the sentence for a llama-server that ended by itself, with its last lines, and the cause where they show it */
export function describeDeath(when: string, end: Ended, logPath: string): string {
  const cause = explainServerLog(readLastLines(logPath, 200));
  const sentence = `llama-server ${describeEnd(end)} ${when}.${cause === undefined ? "" : ` ${cause}`}`;
  return withLog(sentence, logPath);
}

/**
 * Waits for `/health` to answer 200.
 * @param options.sinceMs when it was started, on the clock of `performance.now`
 * @param options.stopped aborted when the user wants to stop: the wait then ends without an error
 * @returns seconds from its start until it was ready; undefined where the user wanted to stop
 * @throws UserError when the server dies (within a poll of its death), or is not ready in time
 */
export async function waitUntilReady(
  server: ProcessGroup,
  reader: ServerReader,
  options: { sinceMs: number; timeoutSeconds: number; logPath: string; stopped: AbortSignal },
): Promise<number | undefined> {
  const { logPath, timeoutSeconds } = options;
  const wait = await waitForServer(server, () => reader.health(), options);
  switch (wait.end) {
    case "ready":
      return wait.seconds;
    case "stopped":
      return undefined;
    case "died":
      throw new UserError(describeDeath("before it was ready", server.end ?? {}, logPath));
    case "too-late": {
      const said = wait.status === undefined ? "nothing answered" : `\`/health\` answered ${wait.status}`;
      throw new UserError(
        withLog(
          `llama-server was not ready within ${timeoutSeconds} s (${said}). Give it longer with \`--ready-timeout\`, or look into its log.`,
          logPath,
        ),
      );
    }
  }
}
