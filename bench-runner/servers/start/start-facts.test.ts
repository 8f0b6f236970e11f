import { expect, it } from "vitest";
import { addGpuMemory, readStartFacts } from "./start-facts.ts";

const line = (index: number, used: string) => `${index}, NVIDIA H100, 0, ${used}, 81559, 70.1, 40`;

it("memory of all GPUs together is known where each one reports it", () => {
  expect(addGpuMemory(`${line(0, "1024")}\n${line(1, "2048")}\n`)).toBe(3072 * 2 ** 20);
  expect(addGpuMemory(`${line(0, "1024")}\n${line(1, "[N/A]")}\n`)).toBeUndefined();
  expect(addGpuMemory("No devices were found\n")).toBeUndefined();
});

it("memory of a process is read with those below it; of one that is gone it is not known", async () => {
  const { memoryBytes } = await readStartFacts(process.pid, 1.5);
  // Only Linux has /proc.
  if (process.platform === "linux") expect(memoryBytes).toBeGreaterThan(10e6);
  expect(await readStartFacts(undefined, 1.5)).not.toHaveProperty("memoryBytes");
});
