import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toClosedExecutor } from "../../lib/core/plans/closed.ts";
import { toOpenExecutor } from "../../lib/core/plans/open.ts";
import { eventually } from "../../test/run/living.ts";
import { progress } from "../../test/unit-support/examples/example-journal.ts";
import type { LoadPlan } from "../config/load-plan.ts";
import { NO_GUARD } from "../platform/guard.ts";
import { startGroup } from "../platform/processes.ts";
import { stopK6, toMostSeconds, waitUntilOverdue } from "./end-k6.ts";

const folder = mkdtempSync(join(tmpdir(), "end-k6-"));
let logs = 0;

/** Starts a shell that then runs the script. */
async function start(script: string) {
  const logPath = join(folder, `log-${++logs}`);
  const k6 = startGroup({ file: "/bin/sh", args: ["-c", script], logPath, guard: NO_GUARD });
  expect(await eventually(() => readFileSync(logPath, "utf8") !== "")).toBe(true);
  return k6;
}

/** What a k6 that hangs ignores. */
const hangs = "trap '' INT TERM; echo ready; while :; do sleep 0.1; done";

describe.skipIf(process.platform === "win32")("the end of k6", () => {
  it("is its own where it ends when it is asked to", async () => {
    const k6 = await start("echo ready; exec sleep 300");
    expect(await stopK6(k6, () => progress(1, 5, 2), 60_000)).toBe(false);
    expect(k6.end).toEqual({ signal: "SIGINT" });
  });

  it("is forced where requests are open and none ends", async () => {
    const k6 = await start(hangs);
    expect(await stopK6(k6, () => progress(1, 5, 2), 600_000)).toBe(true);
    expect(k6.end).toEqual({ signal: "SIGKILL" });
  });

  it("is waited for while requests end, and while the summary is written, but not for ever", async () => {
    let done = 0;
    const k6 = await start(hangs);
    const startedMs = performance.now();
    expect(await stopK6(k6, () => progress(1, 1000, done++), 3_000)).toBe(true);
    const writing = await start(hangs);
    expect(await stopK6(writing, () => progress(1, 5, 5), 3_000)).toBe(true);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(6_000);
  });

  it("is overdue where a stopped k6 leaves requests open behind the load's longest time", async () => {
    const k6 = await start("echo ready; exec sleep 300");
    k6.signal("SIGSTOP");
    expect(await waitUntilOverdue(k6, () => progress(1, 5, 2), 0.5)).toBe("overdue");
    expect(await stopK6(k6, () => progress(1, 5, 2), 60_000)).toBe(true);
  });

  it("is expected when the executor's own time and its graceful stop are over", () => {
    const plan = { seconds: 60, clients: 4, options: { totalTimeout: 600 } } as LoadPlan;
    const sum = ({ duration, maxDuration, gracefulStop }: Record<string, unknown>) =>
      [duration ?? maxDuration, gracefulStop].reduce<number>(
        (all, one) => all + Number.parseInt(String(one), 10),
        0,
      );
    const closed = { clients: 4, seconds: 60, requests: undefined, rampSeconds: 0 } as unknown as Parameters<
      typeof toClosedExecutor
    >[0];
    expect(toMostSeconds({ ...plan, kind: "closed" })).toBe(sum(toClosedExecutor(closed)));
    const schedule = { seconds: 60, offsetsMs: [0] } as Parameters<typeof toOpenExecutor>[0];
    expect(toMostSeconds({ ...plan, kind: "open" })).toBe(sum(toOpenExecutor(schedule, 4, 600)));
    expect(toMostSeconds({ ...plan, kind: "plain", isScripts: true })).toBe(60);
  });
});
