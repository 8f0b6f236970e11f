// How a run ended: complete or partial, the reason, and the exit code. Pure.
import { EXIT } from "../platform/exit-codes.ts";
import type { OutcomeFile } from "../run-folder/run-files.ts";
import type { LoadEnd } from "./load.ts";

/** A Go program that panics outside k6's own handling ends with 2, the code of a wrong command line. */
const GO_PANIC = 2;

const K6_REASONS: Readonly<Record<number, string>> = {
  104: "k6 refused the scenario or its configuration",
  105: "k6 was stopped by a signal",
  107: "the scenario threw an exception",
  108: "the scenario stopped the run",
  109: "k6 crashed",
  [GO_PANIC]: "k6 crashed",
};

/** Why the run did not reach its planned end; undefined when it did. One clause, without a full stop. */
export function findPartialReason(end: LoadEnd, stopReason: string | undefined): string | undefined {
  const killed = end.killed ? "; k6 did not end when it was asked to, and was killed" : "";
  if (end.endedBy === "stop") return `stopped by ${stopReason ?? "a signal"}${killed}`;
  if (end.endedBy === "server_death") return `the server died${killed}`;
  if (end.endedBy === "overdue") return `k6 did not end although its load was over${killed}`;
  if (end.k6.startError !== undefined) return `k6 could not be started (${end.k6.startError})`;
  if (end.k6.exitCode === undefined) return `k6 was ended by ${end.k6.signal ?? "a signal"}`;
  if (end.k6.exitCode === EXIT.threshold) {
    // k6 returns 99 for a threshold that failed at the end and for one that ended the run.
    return end.thresholdEndedIt ? "a failed threshold ended the run" : undefined;
  }
  if (end.k6.exitCode === EXIT.ok) return undefined;
  return K6_REASONS[end.k6.exitCode] ?? `k6 ended with exit code ${end.k6.exitCode}`;
}

export function toOutcome(end: LoadEnd, stopReason: string | undefined): OutcomeFile {
  const reason = findPartialReason(end, stopReason);
  return {
    schema: "server-bench/outcome/1",
    startedUnixMs: end.startedUnixMs,
    endedUnixMs: end.endedUnixMs,
    partial: reason !== undefined,
    ...(reason !== undefined && { reason }),
    ...(end.k6.exitCode !== undefined && { k6ExitCode: end.k6.exitCode }),
    serverMetrics: end.serverMetrics,
  };
}

/**
 * @param results whether a request completed, every requirement held, none failed but some are uncertain, every
 *   file was written, and whether requests that had started are not in the journal
 * @returns the runner's exit code: k6's own code if k6 ended by itself
 */
export function toExitCode(
  end: LoadEnd,
  results: { completed: boolean; held: boolean; undecided: boolean; written: boolean; lost: boolean },
): number {
  if (end.endedBy === "server_death") return EXIT.serverDied;
  if (end.k6.exitCode === undefined || end.endedBy === "overdue") return EXIT.failed;
  if (end.k6.exitCode === GO_PANIC) return EXIT.k6Crashed;
  // k6 judges by the end of a range that does not flatter the server.
  const isThreshold = end.k6.exitCode === EXIT.threshold && end.endedBy !== "stop";
  if (isThreshold && results.completed && results.undecided) return EXIT.uncertain;
  if (end.k6.exitCode !== EXIT.ok) return end.k6.exitCode;
  if (end.endedBy === "stop") return EXIT.stopped;
  if (results.completed && results.undecided) return EXIT.uncertain;
  if (!results.completed || !results.held) return EXIT.threshold;
  return results.written && !results.lost ? EXIT.ok : EXIT.failed;
}
