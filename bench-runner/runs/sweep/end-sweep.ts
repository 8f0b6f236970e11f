// The end of a sweep: its outcome, files, closing text and exit code.

import { findOutcome, formatLoad, isPlanned } from "../../decide/sweep/find-outcome.ts";
import { toSweepLegend } from "../../decide/sweep/render-sweep.ts";
import { SWEEP_FILES, type SweepFile, type SweepOutcome } from "../../decide/sweep/sweep-file.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import type { RunFolder } from "../../run-folder/run-folder.ts";
import { writeSweepResults } from "./sweep-folder.ts";

export interface EndingSweep {
  file: SweepFile;
  folder: RunFolder;
  runner: { json: boolean; quiet: boolean };
  say: (text: string) => void;
  print: (text: string) => void;
}

/** Finds the outcome, writes and prints it. */
export function endSweep(
  { file, folder, runner, print, say }: EndingSweep,
  reason: SweepOutcome["reason"],
): void {
  if (file.points.length === 0) {
    say("No load was measured.");
    return;
  }
  file.outcome = findOutcome(file, reason);
  for (const problem of writeSweepResults(folder, file)) say(problem);
  const { json, quiet } = runner;
  if (json) print(JSON.stringify(file, null, 2));
  else if (quiet) print(folder.path);
  else
    print(
      `\n${[...toSweepLegend(file), file.outcome.sentence, ...toKneeSentence(file)].join("\n")}\n\n${describeFolder(folder)}`,
    );
  if (!isPlanned(reason)) say(`\`node bench-runner sweep --resume ${folder.path}\` continues it.`);
}

/** @param last exit code of the last load */
export function toExitCode(
  { file, folder }: EndingSweep,
  reason: SweepOutcome["reason"],
  last: number,
): number {
  if (reason === "stopped") return EXIT.stopped;
  if (!isPlanned(reason)) return last || EXIT.failed;
  if (file.goal.isJudged && file.outcome?.meets === undefined) return EXIT.threshold;
  return folder.problems.length > 0 ? EXIT.failed : EXIT.ok;
}

function toKneeSentence({ points, outcome, goal }: SweepFile): string[] {
  const knee = points.find(({ number }) => number === outcome?.knee);
  return knee === undefined
    ? []
    : [`Knee, the largest throughput per latency: ${formatLoad(knee.load, goal.axis)}.`];
}

function describeFolder(folder: RunFolder): string {
  const notes = [
    [SWEEP_FILES.page, "the curves, each point linked to its run, for a browser"],
    [SWEEP_FILES.sweep, "the result; sweep.md and sweep.csv have the table"],
  ] as const;
  return [folder.path, ...notes.map(([name, note]) => `  ${name.padEnd(18)}${note}`)].join("\n");
}
