import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  config,
  outcome,
  request,
  writeJournal,
} from "../../../test/unit-support/examples/example-journal.ts";
import { createSchemaCheck } from "../../../test/unit-support/examples/schema-check.ts";
import { isLocalUrl } from "../../platform/local-url.ts";
import type { GpuLine, GpuReading } from "../../run-folder/run-files.ts";
import { parseGpuLine } from "../../servers/metrics/nvidia-smi.ts";
import { summarize } from "../summarize.ts";
import { integrate, toGpuUse } from "./gpu-use.ts";

const line = (atUnixMs: number, ...gpus: Omit<GpuReading, "name">[]): GpuLine => ({
  type: "gpu",
  atUnixMs,
  gpus: gpus.map((gpu) => ({ name: "NVIDIA H100", ...gpu })),
});
const context = (outputTokens: number | undefined = 1000, isServerHere = true) => ({
  window: { fromMs: 1000, toMs: 3000 },
  outputTokens,
  isServerHere,
});
const power = (...watts: [number, number][]) =>
  watts.map(([atUnixMs, powerWatts]) => line(atUnixMs, { index: 0, powerWatts }));

describe("toGpuUse", () => {
  test("takes mean and maximum over the window, and integrates its energy by trapezoids", () => {
    const use = toGpuUse(
      [
        line(500, { index: 0, utilisation: 0, memoryUsedBytes: 9e9, powerWatts: 100 }),
        line(1500, {
          index: 0,
          utilisation: 0.5,
          memoryUsedBytes: 5e9,
          memoryTotalBytes: 8e10,
          powerWatts: 200,
          temperatureCelsius: 50,
        }),
        line(2500, {
          index: 0,
          utilisation: 1,
          memoryUsedBytes: 6e9,
          memoryTotalBytes: 8e10,
          powerWatts: 300,
          temperatureCelsius: 60,
        }),
        line(3500, { index: 0, memoryUsedBytes: 7e9, powerWatts: 100, temperatureCelsius: 70 }),
      ],
      context(500),
    );
    // 150 → 200 W in 0.5 s, 200 → 300 W in 1 s, 300 → 200 W in 0.5 s: 87.5 + 250 + 125
    expect(use).toEqual({
      devices: [
        {
          index: 0,
          name: "NVIDIA H100",
          utilisation: { mean: 0.75, max: 1 },
          peakMemoryBytes: 6e9,
          memoryTotalBytes: 8e10,
          powerWatts: { mean: 250, max: 300 },
          temperatureCelsius: { min: 50, mean: 55, max: 60 },
          energyJoules: 462.5,
        },
      ],
      energyJoules: 462.5,
      joulesPerOutputToken: 0.925,
      outputTokensPerJoule: 500 / 462.5,
      absent: [],
    });
  });

  test("adds up the energy of all GPUs", () => {
    const both = (atUnixMs: number) =>
      line(atUnixMs, { index: 1, powerWatts: 50 }, { index: 0, powerWatts: 100 });
    const use = toGpuUse([both(1000), both(2000), both(3000)], context());
    expect(use.devices.map(({ index, energyJoules }) => [index, energyJoules])).toEqual([
      [0, 200],
      [1, 100],
    ]);
    expect(use).toMatchObject({ energyJoules: 300, joulesPerOutputToken: 0.3 });
  });

  test("gives no energy if one GPU does not report its power, and says so", () => {
    const use = toGpuUse(
      [line(2000, { index: 0, powerWatts: 100 }, { index: 1, utilisation: 0.5 })],
      context(),
    );
    expect(use.energyJoules).toBeUndefined();
    expect(use.devices[0]?.energyJoules).toBe(200);
    expect(use.absent).toEqual([{ what: "gpu 1 energyJoules", reason: "the GPU does not report its power" }]);
  });

  test.each([
    ["GPUs were not looked for", undefined, context(), "all", "GPUs were not sampled"],
    [
      "nvidia-smi is missing",
      [{ type: "gpu", atUnixMs: 1, gpus: [], problem: "there is no nvidia-smi on PATH" }] as GpuLine[],
      context(),
      "all",
      "there is no nvidia-smi on PATH",
    ],
    ["nothing was measured", power([1000, 1]), undefined, "all", "no request was measured"],
    [
      "nvidia-smi exited during the window",
      [
        ...power([1000, 100]),
        { type: "gpu", atUnixMs: 1500, gpus: [], problem: "nvidia-smi ended with exit code 15" } as GpuLine,
      ],
      { ...context(), window: { fromMs: 1000, toMs: 9000 } },
      "gpu 0 energyJoules",
      "nvidia-smi ended with exit code 15",
    ],
    [
      "the server runs on another machine",
      power([1000, 100], [3000, 100]),
      context(1000, false),
      "joulesPerOutputToken",
      "the server does not run on this machine: these GPUs are not known to be its own",
    ],
    [
      "no token was generated",
      power([1000, 100], [3000, 100]),
      context(0),
      "joulesPerOutputToken",
      "no token was generated in the window",
    ],
  ])("gives the reason if %s", (_sentence, lines, given, what, reason) => {
    const use = toGpuUse(lines, given);
    expect(use.absent).toEqual([{ what, reason }]);
    expect(use.joulesPerOutputToken).toBeUndefined();
  });
});

describe("integrate", () => {
  const window = { fromMs: 10_000, toMs: 20_000 };
  const points = (...given: [number, number][]) => given.map(([atUnixMs, value]) => ({ atUnixMs, value }));

  test.each([
    ["one nearby reading represents the whole span", points([15_000, 7]), 70],
    [
      "the power is constant before the first and after the last reading",
      points([12_000, 1], [16_000, 3]),
      22,
    ],
    ["readings at the same moment add nothing", points([15_000, 1], [15_000, 3]), 20],
    [
      "a gap of more than 5 s makes the energy unknown",
      points([10_000, 1], [16_000, 1], [20_000, 1]),
      undefined,
    ],
    ["a gap outside the window does not matter", points([1000, 1], [10_000, 1], [15_000, 1]), 10],
    ["a window that begins long before the first reading has no energy", points([15_001, 1]), undefined],
    ["no readings give no energy", [], undefined],
  ])("%s", (_sentence, given, joules) => {
    expect(integrate(given, window)).toBe(joules);
  });

  test("equals a sum over every millisecond", () => {
    const reading = fc.record({
      gapMs: fc.integer({ min: 1, max: 4000 }),
      value: fc.integer({ max: 700, min: 0 }),
    });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 8, maxLength: 12 }), fc.nat(3000), (readings, fromMs) => {
        let atUnixMs = 0;
        const given = readings.map(({ gapMs, value }) => {
          atUnixMs += gapMs;
          return { atUnixMs, value };
        });
        const span = { fromMs, toMs: fromMs + 2500 };
        const at = (ms: number): number => {
          const after = given.find((point) => point.atUnixMs > ms);
          const before = given.findLast((point) => point.atUnixMs <= ms);
          if (before === undefined || after === undefined) return (before ?? after)?.value ?? 0;
          const part = (ms - before.atUnixMs) / (after.atUnixMs - before.atUnixMs);
          return before.value * (1 - part) + after.value * part;
        };
        let joules = 0;
        for (let ms = span.fromMs; ms < span.toMs; ms++) joules += at(ms + 0.5) / 1000;
        const isNear = (given.at(-1)?.atUnixMs ?? 0) >= span.toMs - 5000;
        if (isNear) expect(integrate(given, span)).toBeCloseTo(joules, 6);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a summary with GPUs", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-use-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const records = join(folder, "records.jsonl");
  const summaryFaults = createSchemaCheck("summary");
  const { startedUnixMs: epoch } = outcome;

  test("divides the energy by the tokens in the window, and follows the schema", async () => {
    // From the start of the first request to the end of the last: 8 tokens in 1135 ms at 200 W.
    writeJournal(records, [request(1, 0), request(2, 1000)]);
    const gpus = [-500, 500, 1500].map((ms) =>
      line(epoch + ms, { index: 0, utilisation: 0.5, memoryUsedBytes: 1e9, powerWatts: 200 }),
    );
    const samples = { scrapes: [], hosts: [], gpus };
    const summary = await summarize({ records, config, outcome, samples });
    expect(summary.gpus?.energyJoules).toBeCloseTo(227, 9);
    expect(summary.gpus?.joulesPerOutputToken).toBeCloseTo(227 / 8, 9);
    expect(summary.gpus?.outputTokensPerJoule).toBeCloseTo(8 / 227, 9);
    const watts = summary.gpus?.devices[0]?.powerWatts?.mean as number;
    const perSecond = summary.throughput?.outputTokensPerSecond as number;
    expect(summary.gpus?.outputTokensPerJoule).toBeCloseTo(perSecond / watts, 9);
    expect(summaryFaults(summary)).toBe("");
    const server = { kind: "vLLM" as const, cacheUsage: { mean: 0.5, max: 1 }, absent: [] };
    expect(summaryFaults({ ...summary, server })).toBe("");
  });

  test("has no energy for a server that runs elsewhere, and follows the schema without samples as well", async () => {
    writeJournal(records, [request(1, 0)]);
    const elsewhere = { ...config, serverStartedHere: false, serverUrl: "http://10.0.0.5:8000" };
    const gpus = [line(epoch, { index: 0, powerWatts: 200 })];
    const far = await summarize({
      records,
      config: elsewhere,
      outcome,
      samples: { scrapes: [], hosts: [], gpus },
    });
    expect(far.gpus).toMatchObject({ energyJoules: 27, absent: [{ what: "joulesPerOutputToken" }] });
    const none = await summarize({ records, config, outcome });
    expect(none.gpus).toEqual({ devices: [], absent: [{ what: "all", reason: "GPUs were not sampled" }] });
    expect([far, none].map(summaryFaults)).toEqual(["", ""]);
  });
});

describe("nvidia-smi's lines", () => {
  test.each([
    [
      "0, NVIDIA H100 80GB HBM3, 97, 71234, 81559, 612.34, 64",
      {
        index: 0,
        name: "NVIDIA H100 80GB HBM3",
        utilisation: 0.97,
        memoryUsedBytes: 71_234 * 1_048_576,
        memoryTotalBytes: 81_559 * 1_048_576,
        powerWatts: 612.34,
        temperatureCelsius: 64,
      },
    ],
    ["3, NVIDIA Thor, [N/A], [N/A], [N/A], [N/A], [N/A]", { index: 3, name: "NVIDIA Thor" }],
    [
      "1, GeForce GT 710, [Not Supported], 300, 2002, [Unknown Error], [N/A]",
      {
        index: 1,
        name: "GeForce GT 710",
        memoryUsedBytes: 300 * 1_048_576,
        memoryTotalBytes: 2002 * 1_048_576,
      },
    ],
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", undefined],
    ["No devices were found", undefined],
    ["", undefined],
  ])("%s", (text, reading) => {
    expect(parseGpuLine(text)).toEqual(reading);
  });
});

test.each([
  ["http://127.0.0.1:8080", true],
  ["http://localhost:8080", true],
  ["http://[::1]:8080", true],
  ["http://10.0.0.5:8080", false],
  ["https://llm.example.com", false],
  ["not a URL", false],
])("a server at %s is local: %s", (url, expected) => {
  expect(isLocalUrl(url)).toBe(expected);
});
