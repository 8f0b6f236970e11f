// A run whose flags a person is asked for.

import type { Context } from "../../platform/context.ts";
import { PROJECT_ROOT } from "../../platform/project-root.ts";
import { listenForStop } from "../../platform/stop-request.ts";
import { askForRun } from "./ask-run.ts";
import { type Asker, Left } from "./asker.ts";
import { openClackAsker } from "./clack-asker.ts";
import { toProgramText } from "./command-text.ts";
import { wantsPlainQuestions } from "./may-ask.ts";
import { openPlainAsker } from "./plain-asker.ts";

const WIDEST = 110;
/** Columns that a frame takes left and right of its lines. */
const FRAME = 6;

/**
 * @returns the flags, by name; undefined where the person left: nothing was started
 * @throws UserError
 */
export async function askForFlags({ variables, say }: Context): Promise<Record<string, string> | undefined> {
  const stop = listenForStop({ onSecond: () => {} });
  const open = wantsPlainQuestions(variables) ? openPlainAsker : openClackAsker;
  const asker: Asker = open({ input: process.stdin, output: process.stderr, signal: stop.signal });
  const folder = process.cwd();
  try {
    asker.say("What do you want to measure? Enter accepts the first choice, Ctrl-C quits.");
    const flags = await askForRun(asker, {
      variables,
      folder,
      program: toProgramText(folder, PROJECT_ROOT),
      width: Math.min(process.stderr.columns || 80, WIDEST) - FRAME,
    });
    return stop.signal.aborted ? undefined : flags;
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    say("Nothing was started.");
    return undefined;
  } finally {
    asker.close();
    stop.dispose();
  }
}
