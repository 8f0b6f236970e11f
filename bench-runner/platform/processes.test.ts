import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually, isAlive } from "../../test/run/living.ts";
import { NO_GUARD } from "./guard.ts";
import { makeCgroup } from "./own-cgroup.ts";
import { type GroupOptions, runCommand, startGroup } from "./processes.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-processes-"));
let logs = 0;

function startShell(script: string, options: Partial<GroupOptions> = {}) {
  const logPath = join(folder, `log-${++logs}`);
  return {
    logPath,
    group: startGroup({ file: "/bin/sh", args: ["-c", script], logPath, guard: NO_GUARD, ...options }),
  };
}

/** The number that the shell has written. */
async function readPid(logPath: string): Promise<number> {
  expect(await eventually(() => /^\d+\n/.test(readFileSync(logPath, "utf8")))).toBe(true);
  return Number.parseInt(readFileSync(logPath, "utf8"), 10);
}

describe("a short command", () => {
  it("gives its output and exit code", async () => {
    expect(await runCommand("/bin/sh", ["-c", "echo a; echo b >&2; exit 3"])).toEqual({
      exitCode: 3,
      stdout: "a",
      stderr: "b",
    });
  });

  it("that is not a program says so instead of throwing", async () => {
    expect(await runCommand("/nowhere/program", [])).toMatchObject({ startError: "ENOENT" });
  });

  it("is ended when it takes too long", async () => {
    const { exitCode } = await runCommand("/bin/sleep", ["60"], { timeoutMs: 50 });
    expect(exitCode).toBeUndefined();
  });
});

describe.skipIf(process.platform === "win32")("a process group", () => {
  it("writes directly to its log, and reports its exit code", async () => {
    const { group, logPath } = startShell("echo out; echo err >&2; exit 7");
    expect(await group.ended).toEqual({ exitCode: 7 });
    expect(group.end).toEqual({ exitCode: 7 });
    expect(readFileSync(logPath, "utf8")).toBe("out\nerr\n");
  });

  it("reports the signal that ended it", async () => {
    const { group } = startShell("kill -KILL $$");
    expect(await group.ended).toEqual({ signal: "SIGKILL" });
  });

  it("that could not be started says why", async () => {
    const group = startGroup({
      file: "/nowhere/program",
      args: [],
      logPath: join(folder, "none"),
      guard: NO_GUARD,
    });
    expect(await group.ended).toEqual({ startError: "ENOENT" });
    expect(await group.stop(10)).toEqual({ startError: "ENOENT" });
  });

  it("is stopped with SIGTERM, and with SIGKILL if that is ignored", async () => {
    const good = startShell("exec sleep 300").group;
    expect(await good.stop(10_000)).toEqual({ signal: "SIGTERM" });
    const { group: stubborn, logPath } = startShell("trap '' TERM; echo ready; while :; do sleep 0.1; done");
    expect(await eventually(() => readFileSync(logPath, "utf8").includes("ready"))).toBe(true);
    expect(await stubborn.stop(50)).toEqual({ signal: "SIGKILL" });
  });

  it("takes its child processes along", async () => {
    const { group, logPath } = startShell("sleep 300 & echo $!; exit 0");
    await group.ended;
    const child = Number(readFileSync(logPath, "utf8"));
    expect(child).toBeGreaterThan(1);
    expect(await eventually(() => !isAlive(child))).toBe(true);
  });

  it.runIf(process.platform === "linux")(
    "is not the group of the one who started it: Ctrl-C in a terminal does not reach it",
    async () => {
      const { group, logPath } = startShell("cut -d' ' -f5 /proc/$$/stat");
      await group.ended;
      expect(readFileSync(logPath, "utf8").trim()).toBe(String(group.pid));
    },
  );
});

describe.runIf(process.platform === "linux")("a process that left its group and its session", () => {
  const leaves = "(setsid sh -c 'echo $$; exec sleep 300' &) ; ";

  it("ends with the group that it came from", async () => {
    const { group, logPath } = startShell(`${leaves} exec sleep 300`);
    const away = await readPid(logPath);
    expect(await group.stop(10_000)).toEqual({ signal: "SIGTERM" });
    expect(isAlive(away)).toBe(false);
  });

  it("ends with a group that has ended by itself", async () => {
    const { group, logPath } = startShell(`${leaves} sleep 0.2; exit 4`);
    const away = await readPid(logPath);
    expect(await group.ended).toEqual({ exitCode: 4 });
    expect(isAlive(away)).toBe(false);
  });

  it("keeps a group there that may detach, and gets one signal to end", async () => {
    const told = "trap 'echo told' TERM; while :; do sleep 0.1; done";
    const script = `(setsid sh -c "echo \\$\\$; ${told}" &) ; sleep 0.2; exit 0`;
    const { group, logPath } = startShell(script, { mayDetach: true });
    const away = await readPid(logPath);
    expect(await eventually(() => group.isThere() && readFileSync(logPath, "utf8") !== "")).toBe(true);
    await group.stop(1_000);
    expect(isAlive(away)).toBe(false);
    expect(readFileSync(logPath, "utf8").match(/told/g)).toHaveLength(1);
  });

  // The cgroup is not to be had in most containers.
  const probe = makeCgroup("server-bench-test");
  probe?.remove();
  it.runIf(probe !== undefined)(
    "ends also without the mark in its environment, by its control group",
    async () => {
      const { group, logPath } = startShell(
        "(setsid env -i sh -c 'echo $$; exec sleep 300' &) ; exec sleep 300",
        {
          mayScatter: true,
        },
      );
      const away = await readPid(logPath);
      const own = /^0::(.*)$/m.exec(readFileSync(`/proc/${away}/cgroup`, "utf8"))?.[1] as string;
      expect(own).toContain("server-bench-");
      await group.stop(10_000);
      expect(isAlive(away)).toBe(false);
      expect(existsSync(join(dirname(probe?.path as string), basename(own)))).toBe(false);
    },
  );
});
