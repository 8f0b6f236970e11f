import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { eventually, isAlive } from "../../test/run/living.ts";

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "server-bench-guard-"));

/** A program that starts one well-behaved and one stubborn group, prints their pids, and then does `end`. */
function startRunner(end: string): ChildProcess {
  const script = `
    import { startGuard } from ${JSON.stringify(join(here, "guard.ts"))};
    import { startGroup } from ${JSON.stringify(join(here, "processes.ts"))};
    const guard = startGuard();
    const start = (script, name) =>
      startGroup({ file: "/bin/sh", args: ["-c", script], logPath: ${JSON.stringify(folder)} + "/" + name, guard });
    const good = start("sleep 300 & wait", "good");
    const stubborn = start("trap '' TERM; echo ready; while :; do sleep 0.2; done", "stubborn");
    console.log(JSON.stringify([good.pid, stubborn.pid]));
    ${end}
  `;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function readPids(runner: ChildProcess): Promise<number[]> {
  const lines = createInterface({ input: runner.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, "line")) as [string];
  return JSON.parse(line) as number[];
}

describe.skipIf(process.platform === "win32")("the guardian", () => {
  it("ends every group of a runner that was killed, also one that ignores SIGTERM", async () => {
    const runner = startRunner("setInterval(() => {}, 1000);");
    const pids = await readPids(runner);
    expect(pids.map(isAlive)).toEqual([true, true]);
    runner.kill("SIGKILL");
    expect(await eventually(() => !pids.some(isAlive))).toBe(true);
  });

  it("leaves alone what was removed from its list, and exits when dismissed", async () => {
    const runner = startRunner(`
      guard.remove(good.pid);
      guard.remove(stubborn.pid);
      await guard.dismiss();
      process.exit(0);
    `);
    const pids = await readPids(runner);
    await once(runner, "exit");
    expect(pids.map(isAlive)).toEqual([true, true]);
    for (const pid of pids) process.kill(-pid, "SIGKILL");
  });
});
