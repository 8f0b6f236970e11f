import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProcessUsage } from "../../platform/proc.ts";
import { Session } from "../../platform/session.ts";
import { occupyCores, toCoresBeside, toShares } from "./busy-cores.ts";

describe("the cores beside the client", () => {
  it("are those of the machine without k6's", () => {
    const host = { cpuCores: { mean: 1.9, max: 2 } };
    expect(toCoresBeside({ host, client: { k6CpuCores: 0.4 } })).toBeCloseTo(1.5);
    expect(toCoresBeside({ host, client: { k6CpuCores: 3 } })).toBe(0);
    expect(toCoresBeside({ host })).toBeUndefined();
    expect(toCoresBeside({ client: { k6CpuCores: 0.4 } })).toBeUndefined();
  });

  it("are whole loops and a rest", () => {
    expect(toShares(0)).toEqual([]);
    expect(toShares(0.02)).toEqual([]);
    expect(toShares(2)).toEqual([1, 1]);
    expect(toShares(1.5)).toEqual([1, 0.5]);
  });
});

describe.runIf(process.platform === "linux")("loops", () => {
  it("take the processor until they are stopped, and nothing of them is left", async () => {
    const session = new Session({ onKill: () => {} });
    const children: number[] = [];
    const start = session.start.bind(session);
    session.start = (options) => {
      const group = start(options);
      if (group.pid !== undefined) children.push(group.pid);
      return group;
    };
    const logPath = join(mkdtempSync(join(tmpdir(), "server-bench-busy-")), "log");
    // More than any machine is busy with.
    const busy = await occupyCores(session, 10_000, { ownSession: true, logPath });
    expect(busy.cores).toBeGreaterThanOrEqual(1);
    expect(children).toHaveLength(busy.cores);
    const used = () => children.reduce((sum, pid) => sum + (readProcessUsage(pid, 0)?.cpuSeconds ?? 0), 0);
    while (used() < 0.2) await new Promise((resolve) => setTimeout(resolve, 50));
    await busy.stop();
    expect(children.map((pid) => readProcessUsage(pid, 0))).toEqual(children.map(() => undefined));
    await session.close();
  });
});
