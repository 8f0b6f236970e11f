// Every exit code of the runner, with its meaning: the documentation and the code read the same table.
//
// Where k6 ran, its own code passes through; the runner's own codes stay out of k6's range (97–110).
export const EXIT = {
  ok: 0,
  /** A file, a program or the server failed: nothing, or nothing more, could be measured. */
  failed: 1,
  /** A flag, a variable or a command was wrong; nothing was started. */
  usage: 2,
  /** The server died during the run; the summary is partial. */
  serverDied: 3,
  /** Every requirement holds or is uncertain, and at least one is uncertain: its figure is known only as a range. */
  uncertain: 4,
  /** A requirement did not hold. k6's: a threshold failed. Also: no request completed. */
  threshold: 99,
  /** k6's: stopped by Ctrl-C or a signal; what was measured is summarised and marked partial. */
  stopped: 105,
  /** k6's: a panic. */
  k6Crashed: 109,
  /** Ctrl-C twice: everything was killed at once, without a summary; or Ctrl-C at a question before the run. */
  killed: 130,
} as const;

/** Whether a run with this exit code measured its whole load, whatever its requirements say. */
export function isMeasured(exitCode: number): boolean {
  return ([EXIT.ok, EXIT.uncertain, EXIT.threshold] as number[]).includes(exitCode);
}

export const EXIT_CODE_DOCS: readonly { code: number; meaning: string }[] = [
  { code: EXIT.ok, meaning: "the run is complete and every threshold passed" },
  {
    code: EXIT.failed,
    meaning: "could not run: a file, a program or the server failed; the message says which",
  },
  { code: EXIT.usage, meaning: "a flag, a variable or a command was wrong; nothing was started" },
  { code: EXIT.serverDied, meaning: "the server died during the run; the summary is partial" },
  {
    code: EXIT.uncertain,
    meaning:
      "a requirement (`--require`) or a threshold is uncertain, and none failed: a figure is known only as a range, and its limit lies inside",
  },
  {
    code: EXIT.threshold,
    meaning: "a requirement (`--require`) or a threshold of k6 failed; or no request completed",
  },
  { code: 104, meaning: "k6: the scenario or its configuration was refused" },
  { code: EXIT.stopped, meaning: "stopped by Ctrl-C or a signal; the summary is partial" },
  { code: 107, meaning: "k6: the scenario threw an exception" },
  { code: 108, meaning: "k6: the scenario stopped the run (`test.abort()`)" },
  { code: EXIT.k6Crashed, meaning: "k6: it crashed" },
  {
    code: EXIT.killed,
    meaning:
      "Ctrl-C twice: everything was killed at once, without a summary; or at a question before the run",
  },
];
