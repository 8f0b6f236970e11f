// Users who leave before their answer is whole: which requests hang up, and when.
import { OptionError } from "../option-error.ts";
import type { LoadOptions } from "../options/options.ts";
import { createRandom } from "../prompts/random.ts";

export type AbortOptions = Pick<LoadOptions, "abortShare" | "abortAfterMs" | "abortAfterTokens" | "seed">;

/** When a request hangs up; with both, whichever comes first. */
export type AbortMoment = Pick<LoadOptions, "abortAfterMs" | "abortAfterTokens">;

const STAYS: AbortMoment = {};

/** Keeps the draws apart from those that order the rows by the same seed. */
const STREAM = 0x61626f72;

/**
 * @returns a function of an iteration's number (over the whole test, from 0): when its request hangs up, an empty object
 *   where it stays. Over many, `abortShare` of them hang up; the same seed chooses the same ones, however many clients.
 */
export function createAborts({
  abortShare,
  abortAfterMs,
  abortAfterTokens,
  seed,
}: AbortOptions): (iteration: number) => AbortMoment {
  const leaves: AbortMoment = {
    ...(abortAfterMs !== undefined && { abortAfterMs }),
    ...(abortAfterTokens !== undefined && { abortAfterTokens }),
  };
  return (iteration) =>
    createRandom(Math.imul(seed ^ STREAM, 0x9e3779b1) + iteration)() < abortShare ? leaves : STAYS;
}

/** @throws OptionError for a share without a moment, or a moment without a share */
export function checkAborts({ abortShare, abortAfterMs, abortAfterTokens }: AbortOptions): void {
  const hasMoment = abortAfterMs !== undefined || abortAfterTokens !== undefined;
  if (abortShare > 0 && !hasMoment) {
    throw new OptionError(
      `\`--abort-share\` (SERVER_BENCH_ABORT_SHARE) is \`${abortShare}\`, but nothing says when those requests hang up: add ` +
        "`--abort-after-tokens 10` (SERVER_BENCH_ABORT_AFTER_TOKENS) or `--abort-after-ms 2000` (SERVER_BENCH_ABORT_AFTER_MS).",
    );
  }
  if (abortShare === 0 && hasMoment) {
    const [flag, variable] =
      abortAfterMs === undefined
        ? ["--abort-after-tokens", "SERVER_BENCH_ABORT_AFTER_TOKENS"]
        : ["--abort-after-ms", "SERVER_BENCH_ABORT_AFTER_MS"];
    throw new OptionError(
      `\`${flag}\` (${variable}) says when requests hang up, but none does: add \`--abort-share 0.1\` ` +
        "(SERVER_BENCH_ABORT_SHARE), the share of requests that do.",
    );
  }
}
