// Refuses options on hanging up that contradict each other. Apart from abort.ts, which every k6 client loads.

import { OptionError } from "../option-error.ts";
import type { AbortOptions } from "./abort.ts";

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
