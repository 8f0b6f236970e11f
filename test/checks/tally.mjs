// Counts what all checks together passed, failed and skipped, and prints each with its name and time.

/** One count for the whole run. `requireTools` turns a missing tool from a skip into a failure, as in CI. */
export function newTally({ requireTools }) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const add = (outcome) => {
    for (const key of Object.keys(total)) total[key] += outcome[key] ?? 0;
  };
  return {
    total,
    /**
     * Runs one check. `run` returns `{ passed?, failed?, skipped?, reasons?, detail? }`; what it throws is one failure.
     * Returns whether nothing failed.
     */
    async check(name, run) {
      const startMs = Date.now();
      const outcome = await Promise.resolve()
        .then(run)
        .catch((error) => ({ failed: 1, detail: [error.message, ...(error.remedies ?? [])].join("\n") }));
      add(outcome);
      const verdict = outcome.failed ? "FAILED" : outcome.passed ? "ok" : "skipped";
      const counts = ["passed", "failed", "skipped"]
        .filter((key) => outcome[key])
        .map((key) => `${outcome[key]} ${key}`);
      console.log(
        `${verdict.padEnd(7)} ${name} (${counts.join(", ")}; ${((Date.now() - startMs) / 1000).toFixed(1)} s)`,
      );
      for (const reason of outcome.reasons ?? []) console.log(`          skipped: ${reason}`);
      if (outcome.detail) console.log(outcome.detail.trimEnd());
      return !outcome.failed;
    },
    /** The outcome of a check whose tool is not there. */
    missingTool(reason) {
      return requireTools
        ? { failed: 1, detail: `${reason} (required here)` }
        : { skipped: 1, reasons: [reason] };
    },
    /** The line that everything ends in. */
    lastLine: () => `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  };
}
