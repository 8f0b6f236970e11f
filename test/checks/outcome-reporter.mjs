// A vitest reporter that writes counts, the reasons of skipped tests and the slowest files to $TEST_OUTCOME_FILE, as JSON.
import { writeFileSync } from "node:fs";

export default class OutcomeReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const outcome = { passed: 0, failed: unhandledErrors.length, reasons: [], slowest: slowestOf(modules) };
    for (const module of modules) {
      // A file or suite that does not load has errors of its own and no tests that could fail.
      outcome.failed += [module, ...module.children.allSuites()].filter(
        (each) => each.errors().length > 0,
      ).length;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === "passed") outcome.passed++;
        else if (state === "failed") outcome.failed++;
        else
          outcome.reasons.push(
            `${module.relativeModuleId} > ${test.fullName}: ${note ?? noReason(test, state)}`,
          );
      }
    }
    writeFileSync(process.env.TEST_OUTCOME_FILE, JSON.stringify(outcome));
  }
}

/** The ten files that took longest: loading, hooks and tests, in milliseconds. */
function slowestOf(modules) {
  return modules
    .map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic();
      return { file: module.relativeModuleId, ms: collectDuration + setupDuration + duration };
    })
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 10);
}

function noReason(test, state) {
  return state === "pending"
    ? "did not run"
    : test.options.mode === "todo"
      ? "still to be written"
      : "no reason given";
}
