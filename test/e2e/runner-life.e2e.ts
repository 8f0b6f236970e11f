// The life and death of the runner's processes: whatever ends a run, nothing is left running and nothing is lost.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toStatFields } from "../../bench-runner/platform/proc.ts";
import type { EnvironmentFile } from "../../bench-runner/run-folder/run-files.ts";
import { makeFolder } from "../run/k6-run.ts";
import { eventually, isAlive } from "../run/living.ts";
import { type RunnerOptions, runRunner } from "../run/runner-run.ts";

/** Streams of 1 s, without a pause between them: some are always open. */
const slow = { tokens: 20, tokenDelayMs: 50 };
const long = ["--vus", "4", "--duration", "60s"];

/** The runner's children and theirs: server, k6, guardian. */
function below(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return (children === "" ? [] : children.split(" ").map(Number)).flatMap((child) => [
    child,
    ...below(child),
  ]);
}

/** Waits until the journal has a request that ended, then returns the processes below the runner. */
async function untilLoaded(pid: number, cwd: string): Promise<number[]> {
  expect(await eventually(() => hasRequest(cwd), 30_000)).toBe(true);
  expect(below(pid).length).toBeGreaterThanOrEqual(3);
  return below(pid);
}

function hasRequest(cwd: string): boolean {
  const runs = join(cwd, "runs");
  const [name] = existsSync(runs) ? readdirSync(runs) : [];
  const journal = join(runs, name ?? "", "records.jsonl");
  return (
    name !== undefined && existsSync(journal) && readFileSync(journal, "utf8").includes('"type":"request"')
  );
}

const readFolder = (folder: string | undefined) => readdirSync(folder as string);

/** Process group and session of a process. */
function groupOf(pid: number): { name: string; group: number; session: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [, , group, session] = toStatFields(stat);
  return {
    name: stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")),
    group: Number(group),
    session: Number(session),
  };
}

describe.runIf(process.platform === "linux")("the processes of a run", () => {
  for (const priority of ["none", "auto"] as const) {
    it(`share the runner's session, each in a group of its own, with --client-priority ${priority}`, async () => {
      let children: (ReturnType<typeof groupOf> & { pid: number })[] = [];
      let session = 0;
      const cwd = makeFolder();
      const run = await runRunner({
        cwd,
        args: [...long, "--client-priority", priority],
        fake: { behaviour: slow },
        whileRunning: async (pid) => {
          const pids = await untilLoaded(pid, cwd);
          session = groupOf(pid).session;
          children = pids.map((child) => ({ pid: child, ...groupOf(child) }));
          process.kill(pid, "SIGINT");
        },
      });
      const k6 = children.find(({ name }) => name === "k6");
      const { clientPriority } = JSON.parse(
        readFileSync(join(run.folder as string, "environment.json"), "utf8"),
      ) as EnvironmentFile;
      expect(k6?.group).toBe(k6?.pid);
      if (clientPriority?.session === "own") expect(k6?.session).toBe(k6?.pid);
      else expect(k6?.session).toBe(session);
      // The server, too: everything but the guardian, which must outlive the terminal.
      const own = children.filter((child) => child.session === session);
      expect(own.length).toBeGreaterThanOrEqual(clientPriority?.session === "own" ? 1 : 2);
      expect(new Set(own.map(({ group }) => group)).has(session)).toBe(false);
    });
  }
});

type Disturb = (runner: number, pids: readonly number[], output: () => string) => void | Promise<void>;

/** A long run that is disturbed once requests have ended. @returns it, and the processes that were below the runner */
async function runDisturbed(fake: RunnerOptions["fake"], disturb: Disturb) {
  let pids: number[] = [];
  const cwd = makeFolder();
  const run = await runRunner({
    cwd,
    args: long,
    fake: { behaviour: slow, ...fake },
    whileRunning: async (pid, output) => {
      pids = await untilLoaded(pid, cwd);
      await disturb(pid, pids, output);
    },
  });
  return { run, pids };
}

describe.runIf(process.platform === "linux")("a run that is stopped", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`by ${signal} keeps what was measured, is partial, and exits with 105`, async () => {
      const { run, pids } = await runDisturbed({}, (runner) => void process.kill(runner, signal));
      expect(run.exitCode).toBe(105);
      expect(run.outcome).toMatchObject({ partial: true, k6ExitCode: 105, serverMetrics: true });
      expect(run.summary?.run.partial).toBe(true);
      expect(run.summary?.requests.byVerdict.complete).toBeGreaterThan(0);
      expect(run.summary?.requests.byVerdict.interrupted).toBeGreaterThan(0);
      expect(run.stdout).toContain("PARTIAL");
      expect(pids.filter(isAlive)).toEqual([]);
    });
  }

  it("by Ctrl-C twice ends at once with 130, also with a server that ignores SIGTERM", async () => {
    const { run, pids } = await runDisturbed({ stubborn: true }, async (runner, _, output) => {
      process.kill(runner, "SIGINT");
      expect(await eventually(() => output().includes("Stopping (Ctrl-C)"))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 200));
      process.kill(runner, "SIGINT");
    });
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toContain("Ended at once.");
    expect(await eventually(() => !pids.some(isAlive))).toBe(true);
    expect(readFolder(run.folder)).toContain("records.jsonl");
  });

  it("by SIGKILL leaves no process, and can still be reported", async () => {
    const { run, pids } = await runDisturbed(
      { stubborn: true },
      (runner) => void process.kill(runner, "SIGKILL"),
    );
    expect(run.exitCode).toBeUndefined();
    expect(await eventually(() => !pids.some(isAlive))).toBe(true);
    const report = await runRunner({ args: ["report", run.folder as string] });
    expect(report.exitCode).toBe(0);
    expect(report.stdout).toContain("PARTIAL");
    expect(report.stdout).toContain("the runner was killed, or its disk was full, before the run ended");
  });

  it("by a SIGKILL of k6 has lost what was open: in summary, verdict and exit code", async () => {
    const { run, pids } = await runDisturbed({}, (_, children) => {
      process.kill(children.find((one) => groupOf(one).name === "k6") as number, "SIGKILL");
    });
    expect(run.exitCode).toBe(1);
    const { requests, run: identity } = run.summary ?? {};
    const lines = readFileSync(join(run.folder as string, "records.jsonl"), "utf8").match(
      /^{"type":"request"/gm,
    );
    expect(requests?.lost).toBeGreaterThan(0);
    expect(requests?.started).toBe((requests?.lost as number) + (lines?.length as number));
    expect(identity?.partialReason).toMatch(
      /^k6 was ended by SIGKILL; at least \d requests? that had started w/,
    );
    expect(run.stdout).toContain("k6 was ended by SIGKILL; at least");
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("while the server is still loading measures nothing and stops the server", async () => {
    let pids: number[] = [];
    const run = await runRunner({
      args: long,
      fake: { neverReady: true },
      whileRunning: async (pid, output) => {
        expect(await eventually(() => output().includes("Starting llama-server"))).toBe(true);
        expect(await eventually(() => below(pid).length >= 2)).toBe(true);
        pids = below(pid);
        process.kill(pid, "SIGINT");
      },
    });
    expect(run.exitCode).toBe(105);
    expect(run.stderr).toContain("before the load began: nothing was measured");
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe("a server that dies", () => {
  it("at start is reported with its last 20 lines", async () => {
    const run = await runRunner({ args: long, fake: { diesAtStart: true } });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("llama-server ended with exit code 1 before it was ready.");
    expect(run.stderr.match(/^ {2}line \d+ of its last words$/gm)).toHaveLength(20);
    expect(run.stderr).toContain("line 30 of its last words");
  });

  it("never gets ready is given up after --ready-timeout", async () => {
    const run = await runRunner({ args: [...long, "--ready-timeout", "1"], fake: { neverReady: true } });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /was not ready within 1 s \(`\/health` answered 503\). Give it longer with `--ready-timeout`/,
    );
  });

  it("in the middle ends the run within 10 s, partial, with its last lines and exit code 3", async () => {
    const run = await runRunner({ args: long, fake: { behaviour: slow, diesAfterMs: 6_000 } });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain("llama-server was ended by SIGABRT while it was measured.");
    expect(run.stderr).toContain("listening on http://127.0.0.1:");
    expect(run.outcome).toMatchObject({ partial: true, reason: "the server died" });
    expect(run.summary?.run.partial).toBe(true);
    expect(run.summary?.requests.started).toBeGreaterThan(0);
    expect((run.outcome?.endedUnixMs ?? 0) - (run.outcome?.startedUnixMs ?? 0)).toBeLessThan(16_000);
  });
});
