import { expect, test } from "vitest";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { ServerUse, Summary } from "../../summary/summary.ts";
import { toServerRows } from "./server-rows.ts";

test("each GPU has a row, and their total energy has one", () => {
  const rows = Object.fromEntries(
    toServerRows(
      exampleSummary({
        gpus: {
          devices: [
            {
              index: 0,
              name: "NVIDIA H100",
              utilisation: { mean: 0.75, max: 1 },
              powerWatts: { mean: 250, max: 300 },
              peakMemoryBytes: 6e9,
              temperatureCelsius: { min: 46, mean: 60.2, max: 71 },
              energyJoules: 462.5,
            },
            { index: 1, name: "NVIDIA Thor" },
          ],
          energyJoules: 462.5,
          joulesPerOutputToken: 0.925,
          outputTokensPerJoule: 1.081,
          absent: [],
        },
      }),
    ),
  );
  expect(rows["GPU 0"]).toBe(
    "NVIDIA H100, 75 % busy (max 100 %), 250 W (max 300 W), at most 6,000.0 MB, 46 to 71 °C",
  );
  expect(rows["GPU 1"]).toBe("NVIDIA Thor");
  expect(rows["Energy of the GPUs"]).toBe("462.5 J, 0.925 J per output token, 1.081 output tokens/s per W");
});

test("the cost of a server's start is one row with the known figures; a server that was already running has none", () => {
  const row = (start: Partial<ServerUse>) =>
    Object.fromEntries(toServerRows(exampleSummary({ server: { absent: [], ...start } })))["Server's start"];
  expect(row({ readySeconds: 41.53, memoryAfterLoadBytes: 3e9, gpuMemoryAfterLoadBytes: 70e9 })).toBe(
    "ready after 41.53 s, then 3,000.0 MB of memory, 70,000.0 MB of GPU memory",
  );
  expect(row({ readySeconds: 1.25 })).toBe("ready after 1.250 s");
  expect(row({})).toBeUndefined();
});

test("without a GPU, or without energy, there is no row", () => {
  const labels = (absent: { what: string; reason: string }[]) =>
    toServerRows(exampleSummary({ gpus: { devices: [], absent } })).map(([label]) => label);
  expect(labels([{ what: "all", reason: "there is no nvidia-smi on PATH" }]).join()).not.toMatch(/GPU/);
});

test("the cache usage is shown next to the slots", () => {
  const summary = exampleSummary();
  const rows = Object.fromEntries(
    toServerRows({ ...summary, server: { cacheUsage: { mean: 0.5, max: 0.9 }, absent: [] } }),
  );
  expect(rows["Server's slots"]).toBe("50 % of the KV cache in use (max 90 %)");
});

test("the process of a server that was already running is named, or it is said why it is not known", () => {
  const row = (more: Partial<Summary>) =>
    Object.fromEntries(toServerRows(exampleSummary(more)))["Server's process"];
  const process = { name: "vllm", cpuSeconds: 3, cpuCores: 1.5, peakMemoryBytes: 8e9 };
  expect(row({ server: { absent: [], process } })).toBe(
    "vllm, 3.000 s of CPU (1.5 cores), at most 8,000.0 MB",
  );
  const { environment } = exampleSummary();
  const absent = "port 8000 is forwarded by docker-proxy";
  const unknown = { ...environment, serverProcess: { absent } } as Summary["environment"];
  expect(row({ server: { absent: [] }, environment: unknown as NonNullable<typeof unknown> })).toBe(
    `unknown: ${absent}`,
  );
});
