import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runCommand } from "../../platform/processes.ts";
import type { GpuLine } from "../../run-folder/run-files.ts";
import { startGpuSampler } from "./gpu-sampler.ts";

describe.runIf(process.platform !== "win32")("a stand-in for nvidia-smi", () => {
  let folder: string;
  const unguarded = { add() {}, remove() {} };
  const path = process.env.PATH ?? "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gpu-sampler-"));
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  function install(script: string): void {
    const file = join(folder, "nvidia-smi");
    writeFileSync(file, `#!/bin/sh\necho $$ > "${folder}/pid"\necho "$*" > "${folder}/args"\n${script}\n`);
    chmodSync(file, 0o755);
  }
  /** Starts the sampler on a script of that name. */
  function start(script: string) {
    install(script);
    const lines: GpuLine[] = [];
    const sampler = startGpuSampler((line) => lines.push(line), unguarded);
    return { lines, sampler };
  }
  const isAlive = () => {
    try {
      process.kill(-Number(readFileSync(join(folder, "pid"), "utf8")), 0);
      return true;
    } catch {
      return false;
    }
  };

  test("is asked once, and gives a line for every second", async () => {
    const round = [
      "echo '0, NVIDIA H100 80GB HBM3, 97, 71234, 81559, 612.34, 64'",
      "echo '1, NVIDIA H100 80GB HBM3, [N/A], 3, 81559, [N/A], [N/A]'",
    ].join("\n");
    const { lines, sampler } = start(`${round}\n${round}\nexec sleep 1000`);
    await vi.waitUntil(() => lines.flatMap(({ gpus }) => gpus).length === 4, { timeout: 20_000 });
    await sampler.stop();
    expect(readFileSync(join(folder, "args"), "utf8")).toBe(
      "--query-gpu=index,name,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu --format=csv,noheader,nounits --loop=1\n",
    );
    // However the pipe splits it, no GPU appears twice in a line.
    for (const { gpus } of lines) expect(new Set(gpus.map(({ index }) => index)).size).toBe(gpus.length);
    expect(lines.flatMap(({ gpus }) => gpus).slice(0, 2)).toMatchObject([
      { index: 0, utilisation: 0.97, powerWatts: 612.34, temperatureCelsius: 64 },
      { index: 1, memoryUsedBytes: 3 * 1_048_576 },
    ]);
    expect(lines.every(({ problem }) => problem === undefined)).toBe(true);
    expect(isAlive()).toBe(false);
  });

  test("that fails is reported with the reason from stdout or stderr", async () => {
    for (const stream of ["", " >&2"]) {
      const { lines, sampler } = start(`echo 'Failed to initialize NVML: Driver mismatch'${stream}; exit 18`);
      await vi.waitUntil(() => lines.length > 0, { timeout: 20_000 });
      await sampler.stop();
      expect(lines).toEqual([
        {
          type: "gpu",
          atUnixMs: expect.any(Number),
          gpus: [],
          problem: "nvidia-smi ended with exit code 18: Failed to initialize NVML: Driver mismatch",
        },
      ]);
    }
  });

  test("that ends during the run is reported after its readings", async () => {
    const { lines, sampler } = start("echo '0, NVIDIA T4, 5, 1, 2, 30.5, 40'; exit 15");
    await vi.waitUntil(() => lines.length === 2, { timeout: 20_000 });
    await sampler.stop();
    expect(lines[0]?.gpus).toMatchObject([{ index: 0, powerWatts: 30.5 }]);
    expect(lines[1]).toMatchObject({ gpus: [], problem: "nvidia-smi ended with exit code 15" });
  });

  test("that hangs delays nothing, and is killed even if it ignores signals", async () => {
    const { lines, sampler } = start("trap '' TERM\nwhile :; do sleep 1000; done");
    await vi.waitUntil(isAlive, { timeout: 20_000 });
    await sampler.stop();
    expect(lines).toMatchObject([{ gpus: [], problem: "nvidia-smi said nothing" }]);
    await vi.waitUntil(() => !isAlive(), { timeout: 20_000 });
  });

  test("ends with a runner that exits in the middle", async () => {
    install("echo '0, NVIDIA T4, 5, 1, 2, 30.5, 40'; exec sleep 1000");
    const module = new URL("./gpu-sampler.ts", import.meta.url).href;
    const code = `import { startGpuSampler } from "${module}"; startGpuSampler(() => process.exit(7), { add() {}, remove() {} });`;
    const { exitCode } = await runCommand(process.execPath, ["--input-type=module", "-e", code], {
      timeoutMs: 20_000,
    });
    expect(exitCode).toBe(7);
    expect(existsSync(join(folder, "pid"))).toBe(true);
    await vi.waitUntil(() => !isAlive(), { timeout: 20_000 });
  });

  test("ends with a runner that is killed, also while it hangs", async () => {
    install("trap '' TERM PIPE\nwhile :; do sleep 1000; done");
    const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const code = `
      import { startGuard } from ${from("../../platform/guard.ts")};
      import { startGpuSampler } from ${from("./gpu-sampler.ts")};
      startGpuSampler(() => {}, startGuard());
      setInterval(() => {}, 1000);`;
    const runner = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    await vi.waitUntil(isAlive, { timeout: 20_000 });
    runner.kill("SIGKILL");
    await vi.waitUntil(() => !isAlive(), { timeout: 20_000 });
  });

  test("that is missing is reported", async () => {
    process.env.PATH = folder;
    const lines: GpuLine[] = [];
    const sampler = startGpuSampler((line) => lines.push(line), unguarded);
    await vi.waitUntil(() => lines.length > 0, { timeout: 20_000 });
    await sampler.stop();
    expect(lines).toMatchObject([{ gpus: [], problem: "there is no nvidia-smi on PATH" }]);
  });
});
