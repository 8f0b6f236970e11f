import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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

  it.runIf(process.platform === "linux")("ends what left its group, and short commands", async () => {
    const away = `echo $$ > ${folder}/away; trap '' TERM; while :; do sleep 0.2; done`;
    writeFileSync(join(folder, "away.sh"), away);
    const runner = startRunner(`
      const { runCommand } = await import(${JSON.stringify(join(here, "processes.ts"))});
      void runCommand("/bin/sh", ["-c", "echo $$ > ${folder}/short; exec sleep 300"], { timeoutMs: 300_000 });
      start("(setsid sh ${folder}/away.sh &); exec sleep 300", "parent");
      setInterval(() => {}, 1000);
    `);
    const pids = await readPids(runner);
    const written = ["short", "away"].map((name) => join(folder, name));
    expect(
      await eventually(() => written.every((path) => existsSync(path) && readFileSync(path, "utf8") !== "")),
    ).toBe(true);
    pids.push(...written.map((path) => Number(readFileSync(path, "utf8"))));
    expect(pids.map(isAlive)).toEqual([true, true, true, true]);
    runner.kill("SIGKILL");
    expect(await eventually(() => !pids.some(isAlive))).toBe(true);
  });

  it("is followed by another one if it is killed", async () => {
    const runner = startRunner(`
      const first = guard.pid;
      process.kill(first, "SIGKILL");
      while (guard.pid === first) await new Promise((resolve) => setTimeout(resolve, 10));
      console.log(JSON.stringify([guard.pid]));
      setInterval(() => {}, 1000);
    `);
    const lines = createInterface({ input: runner.stdout as NodeJS.ReadableStream });
    const said: string[] = [];
    for await (const line of lines) if (said.push(line) === 2) break;
    const [pids, [second]] = said.map((line) => JSON.parse(line)) as [number[], [number]];
    runner.kill("SIGKILL");
    expect(await eventually(() => ![...pids, second].some(isAlive))).toBe(true);
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
