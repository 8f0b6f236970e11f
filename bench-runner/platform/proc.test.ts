import { describe, expect, it } from "vitest";
import { HostSampler } from "../load/samplers/sampler.ts";
import { parseHostCpu, parseStat, readProcessUsage } from "./proc.ts";

describe("/proc/PID/stat", () => {
  it("gives CPU time and memory, whatever the program's name is", () => {
    // utime 250 and stime 50 ticks of 10 ms; 1000 pages of 4 KiB.
    const text = `1 (a) b (c) S 0 1 1 0 -1 4194560 9 9 9 9 250 50 0 0 20 0 1 0 5 99999 1000 1844`;
    expect(parseStat(text)).toEqual({ cpuSeconds: 3, memoryBytes: 4_096_000 });
  });

  it("in another form gives nothing", () => {
    expect(parseStat("")).toBeUndefined();
  });
});

describe("/proc/stat", () => {
  it("gives busy seconds: without idle and the wait for disks", () => {
    expect(parseHostCpu("cpu  100 10 90 5000 700 5 5 40 0 0\ncpu0 1 1 1 1")).toBe(2.5);
  });
});

describe.runIf(process.platform === "linux")("a living process", () => {
  it("has CPU time and memory, and its descendants only if asked", () => {
    const alone = readProcessUsage(process.pid, 0);
    expect(alone?.memoryBytes).toBeGreaterThan(1e6);
    expect(readProcessUsage(process.pid, 3)?.memoryBytes).toBeGreaterThanOrEqual(alone?.memoryBytes ?? 0);
    expect(readProcessUsage(2 ** 22 + 1, 0)).toBeUndefined();
  });

  it("has no CPU in its first line, and has it in the second", () => {
    const sampler = new HostSampler({ runner: process.pid });
    const first = sampler.sample(0);
    expect(first.cpuCores).toBeUndefined();
    expect(first.processes.runner?.memoryBytes).toBeGreaterThan(1e6);
    const second = sampler.sample(1000);
    expect(second.cpuCores).toBeGreaterThanOrEqual(0);
    expect(second.processes.runner?.cpuCores).toBeGreaterThanOrEqual(0);
    expect(second.processes.k6).toBeUndefined();
  });
});
