// Runs one vitest project and counts its tests.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRepository } from "../../setup/repository.mjs";
import { runShown } from "./program.mjs";

/**
 * Outcome of the project `name` of vitest.config.ts.
 * @param args further arguments of vitest: files, options
 * @param mayBeEmpty without it, a run without any test is a failure: something is wrong
 */
export async function vitestCheck(name, { args = [], mayBeEmpty = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "server-bench-test-"));
  const file = join(folder, "outcome.json");
  try {
    const reporters = [
      "--reporter=default",
      `--reporter=${inRepository("test", "checks", "outcome-reporter.mjs")}`,
    ];
    const entry = inRepository("node_modules", "vitest", "vitest.mjs");
    const empty = mayBeEmpty ? ["--passWithNoTests"] : [];
    const code = await runShown(
      process.execPath,
      [entry, "run", "--project", name, ...reporters, ...empty, ...args],
      { env: { TEST_OUTCOME_FILE: file } },
    );
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined)
      return { failed: 1, detail: `vitest ended (exit code ${code}) without a result.` };
    const { passed, failed, reasons, slowest } = JSON.parse(text);
    if (passed + failed + reasons.length === 0)
      return mayBeEmpty && code === 0
        ? { passed: 0 }
        : { failed: 1, detail: `The project ${name} has no tests.` };
    const seconds = slowest.map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${file}`);
    console.log(["The slowest files:", ...seconds].join("\n"));
    if (code !== 0 && failed === 0)
      return { passed, failed: 1, skipped: reasons.length, reasons, detail: `vitest: exit ${code}` };
    return { passed, failed, skipped: reasons.length, reasons };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
