// The programs that take part: bin/k6 and dist/script.js as they are, the Go ones of the benchmark built first.
import { accessSync, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { inProject } from "../bench-runner/platform/project-root.ts";
import { UserError } from "../bench-runner/platform/user-error.ts";

export const K6 = process.env.BENCH_K6_BIN_PATH ?? inProject("bin", "k6");
export const SCENARIO = inProject("dist", "script.js");
export const OPEN_LOOP = inProject("dist", "open.js");
export const OPEN_SCRIPT = inProject("bench", "scripts", "open-handler.js");
export const ROWS_SCRIPT = inProject("bench", "scripts", "rows.js");
export const BURST_SCRIPT = inProject("bench", "scripts", "burst.js");
export const NULL_SERVER = inProject("bin", "null-server");
export const FLOOR = inProject("bin", "floor");
export const MEASURE = inProject("bin", "measure");

/** Builds the benchmark's own programs (a second where nothing changed). @throws UserError */
export async function buildPrograms(): Promise<void> {
  const missing = [K6, SCENARIO].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new UserError(`${missing} is not there: run \`npm run setup\` and \`npm run build\` first.`);
  }
  const programs = [
    ["./cmd/nullserver", NULL_SERVER],
    ["./cmd/floor", FLOOR],
    ["./cmd/measure", MEASURE],
  ] as const;
  for (const [source, binary] of programs) {
    const { failed, stderr, code } = await execa(
      "go",
      ["build", "-trimpath", "-ldflags", "-s -w", "-o", binary, source],
      { cwd: inProject("xk6-sse"), env: { CGO_ENABLED: "0" }, reject: false, timeout: 300_000 },
    );
    if (!failed) continue;
    // Somebody without Go can use programs that were built elsewhere.
    if (code === "ENOENT" && existsSync(binary)) continue;
    const reason = code === "ENOENT" ? "there is no `go` on PATH" : stderr;
    throw new UserError(`xk6-sse/${source} could not be built: ${reason}`);
  }
}

/** What runs a program on one core only; nothing where taskset is missing. */
export function pinned(core: number | undefined): string[] {
  return core === undefined || !canPin() ? [] : ["taskset", "-c", String(core)];
}

/** Whether programs can be bound to cores here. */
export function canPin(): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "taskset"));
      return true;
    } catch {
      return false;
    }
  });
}
