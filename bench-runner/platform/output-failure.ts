// Whether what was printed arrived: a reader that has gone is no failure, a full disk is.
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemReason } from "./user-error.ts";

interface Streams {
  stdout: NodeJS.EventEmitter;
  stderr: NodeJS.EventEmitter;
}

export interface OutputWatch {
  /** Why standard output is incomplete, once what was printed so far is written; undefined if it is not. */
  findFailure(): Promise<string | undefined>;
}

/** Errors of the outputs no longer end the process: a closed terminal must not prevent an orderly end of the run. */
export function watchOutput({ stdout, stderr }: Streams): OutputWatch {
  let failure: string | undefined;
  stderr.on("error", () => {});
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `| head` has read what it wanted; behind a closed terminal no one reads.
    if (error.code !== "EPIPE" && error.code !== "EIO") failure ??= systemReason(error);
  });
  return {
    async findFailure() {
      await nextTurn();
      return failure;
    },
  };
}
