// What every command that measures opens and closes in the same order: live charts, folder, processes.

import type { Config } from "../config/config.ts";
import { readOwnVersion } from "../load/environment.ts";
import { describeForeignSettings } from "../load/k6-environment.ts";
import type { LiveRun } from "../outputs/live/live-run.ts";
import { readPageParts } from "../outputs/report/page-parts.ts";
import { type Context, toNotice } from "../platform/context.ts";
import { Session } from "../platform/session.ts";
import { toScenarioName } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import { hideInLogs } from "../run-folder/run-logs.ts";

/** Where loads are measured, one after the other. */
export interface Measurement extends Context {
  folder: RunFolder;
  session: Session;
  /** Undefined without `--listen`. */
  live: LiveRun | undefined;
  /** Takes what `--quiet` leaves out. */
  notice: (text: string) => void;
}

/**
 * Nothing that `work` starts through the session is alive afterwards.
 * @param onKill the text of the second Ctrl-C, which ends the process at once
 */
export async function withSession<T>(
  { variables, say }: Context,
  onKill: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const parentFd = Number(variables.SERVER_BENCH_PARENT_FD || Number.NaN);
  const session = new Session({
    ...(Number.isInteger(parentFd) && { parentFd }),
    onKill: () => say(`\n${onKill}`),
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/**
 * Opens the live charts and the folder, and lets `work` measure; in the end Prometheus gets its last scrape.
 * @param place.makeFolder is called after the charts are served, so that no folder is left if they cannot be
 * @param place.repeats runs of k6 that the live page announces; 1 if unknown
 * @returns the exit code of `work`
 * @throws UserError if `--listen` fails or the folder cannot be created
 */
export async function withMeasurement(
  place: { config: Config; makeFolder: () => RunFolder; repeats: number },
  context: Context,
  work: (measurement: Measurement) => Promise<number>,
): Promise<number> {
  const live = await openLive(place.config, place.repeats, context.say);
  try {
    const folder = place.makeFolder();
    const onKill = `Ended at once. What was recorded is in ${folder.path}`;
    try {
      return await withSession(context, onKill, async (session) => {
        const { variables, say, print, hidden } = context;
        const notice = toNotice(place.config.runner, say);
        const foreign = describeForeignSettings(variables);
        if (foreign !== undefined) notice(foreign);
        const exitCode = await work({ variables, say, print, hidden, folder, session, live, notice });
        await live?.waitForLastScrape(session.stop.signal);
        return exitCode;
      });
    } finally {
      for (const path of await hideInLogs(folder.path, context.hidden)) {
        context.say(
          `${path} could not be rewritten, so it may have a key that a program wrote into it. Look into it before you pass it on.`,
        );
      }
    }
  } finally {
    await live?.close();
  }
}

async function openLive(
  { runner: { listen, name, scenario: path }, goals }: Config,
  repeats: number,
  say: (text: string) => void,
): Promise<LiveRun | undefined> {
  if (listen === undefined) return undefined;
  const scenario = toScenarioName(path);
  const run = { name, scenario, version: readOwnVersion() };
  // The client library of Prometheus delays every start: only those who listen load it.
  const { LiveRun } = await import("../outputs/live/live-run.ts");
  return await LiveRun.open({ listen, page: readPageParts("live"), run, repeats, slos: goals.slos, say });
}
