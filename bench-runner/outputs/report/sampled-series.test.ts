import { describe, expect, test } from "vitest";
import type { ServerValues } from "../../servers/metrics/server-metric-names.ts";
import { toGpuSeries, toMachineSeries } from "./machine-series.ts";
import { toPoints } from "./series-points.ts";
import { toServerSeries } from "./server-series.ts";

const start = 1_700_000_000_000;
const load = { startUnixMs: start, endUnixMs: start + 10_000 };
const scrape = (seconds: number, values: ServerValues) => ({ atUnixMs: start + seconds * 1000, values });
const pointsOf = (series: readonly { key: string; points: unknown }[]) =>
  Object.fromEntries(series.map(({ key, points }) => [key, points]));

describe("toServerSeries", () => {
  test("gauges are as read, counters become rates between readings", () => {
    const series = toServerSeries(
      [
        scrape(-3, { promptTokens: 100, cachedPromptTokens: 0, generatedTokens: 50, requestsProcessing: 0 }),
        scrape(1, { promptTokens: 300, cachedPromptTokens: 100, generatedTokens: 80, requestsProcessing: 4 }),
        scrape(3, { promptTokens: 300, cachedPromptTokens: 400, generatedTokens: 80, requestsProcessing: 2 }),
      ],
      load,
    );
    expect(pointsOf(series)).toEqual({
      requestsProcessing: [
        [1, 4],
        [3, 2],
      ],
      // One of the four seconds before the first reading lies within the load.
      promptTokens: [
        [1, 200],
        [3, 0],
      ],
      generatedTokens: [
        [1, 30],
        [3, 0],
      ],
      cachedShare: [[1, 100 / 300].map((value) => Number(value.toPrecision(6))), [3, 1]],
    });
    expect(series.every(({ group }) => group === "server")).toBe(true);
  });

  test("busy slots are the mean over the decodes between two readings", () => {
    const series = toServerSeries(
      [
        scrape(1, { decodes: 100, busySlotsPerDecode: 2 }),
        scrape(2, { decodes: 200, busySlotsPerDecode: 3 }),
        scrape(3, { decodes: 200, busySlotsPerDecode: 3 }),
      ],
      load,
    );
    expect(pointsOf(series)).toEqual({ busySlots: [[2, 4]] });
  });

  test("after a restart of the server there is no rate until the next reading", () => {
    const counts = [1000, 1100, 20, 50];
    const series = toServerSeries(
      counts.map((generatedTokens, second) => scrape(second, { generatedTokens })),
      load,
    );
    expect(pointsOf(series)).toEqual({
      generatedTokens: [
        [1, 100],
        [3, 30],
      ],
    });
  });

  test("the last reading, a moment after the load, causes no peak", () => {
    const series = toServerSeries(
      [scrape(9.99, { generatedTokens: 0 }), scrape(10.4, { generatedTokens: 100 })],
      load,
    );
    expect(pointsOf(series)).toEqual({ generatedTokens: [[10.4, 400]] });
  });

  test("the acceptance of drafts is shown only if there are drafts", () => {
    const values = (draftTokens: number, acceptedDraftTokens: number) => ({
      draftTokens,
      acceptedDraftTokens,
    });
    const series = toServerSeries(
      [scrape(0, values(0, 0)), scrape(1, values(0, 0)), scrape(2, values(40, 30))],
      load,
    );
    expect(pointsOf(series)).toEqual({ speculativeAcceptance: [[2, 0.75]] });
  });

  test("only a server that counts at the end of an answer is labelled so", () => {
    const scrapes = [scrape(0, { generatedTokens: 0 }), scrape(1, { generatedTokens: 5 })];
    expect(toServerSeries(scrapes, load, "llama-server")[0]?.label).toMatch(/when an answer ends/);
    expect(toServerSeries(scrapes, load, "vLLM")[0]?.label).not.toMatch(/when an answer ends/);
  });
});

describe("machine and GPUs", () => {
  test("figures that were not sampled have no series, and no point is invented", () => {
    const series = toMachineSeries(
      [
        { type: "host", atUnixMs: start, memoryUsedBytes: 5e9, processes: { k6: { memoryBytes: 1e8 } } },
        {
          type: "host",
          atUnixMs: start + 1000,
          cpuCores: 1.5,
          processes: { k6: { memoryBytes: 2e8, cpuCores: 0.5 } },
        },
      ],
      load,
    );
    expect(pointsOf(series)).toEqual({
      hostCpu: [[1, 1.5]],
      k6Cpu: [[1, 0.5]],
      hostMemory: [[0, 5e9]],
      k6Memory: [
        [0, 1e8],
        [1, 2e8],
      ],
    });
  });

  test("each GPU has its own series", () => {
    const series = toGpuSeries(
      [
        {
          type: "gpu",
          atUnixMs: start + 500,
          gpus: [
            { index: 1, name: "B", powerWatts: 300, temperatureCelsius: 61 },
            { index: 0, name: "A", utilisation: 0.9, memoryUsedBytes: 4e10 },
          ],
        },
      ],
      load,
    );
    expect(series.map(({ key, label, unit, points }) => [key, label, unit, points])).toEqual([
      ["gpu0.utilisation", "Utilisation of GPU 0", "share", [[0.5, 0.9]]],
      ["gpu0.memoryUsedBytes", "Memory of GPU 0", "bytes", [[0.5, 4e10]]],
      ["gpu1.powerWatts", "Power of GPU 1", "W", [[0.5, 300]]],
      ["gpu1.temperatureCelsius", "Temperature of GPU 1", "°C", [[0.5, 61]]],
    ]);
  });
});

describe("toPoints", () => {
  test("a day of seconds is thinned in order, and keeps its peaks", () => {
    const seconds = 86_400;
    const day = { startUnixMs: start, endUnixMs: start + seconds * 1000 };
    const samples = Array.from({ length: seconds }, (_, second) => {
      const value = second === 40_000 ? 99 : second === 70_001 ? -5 : Math.sin(second / 500);
      return [start + second * 1000, value] as const;
    });
    const points = toPoints(samples, day);
    expect(points.length).toBeLessThanOrEqual(600);
    expect(points).toContainEqual([40_000, 99]);
    expect(points).toContainEqual([70_001, -5]);
    expect(points.map(([at]) => at)).toEqual(points.map(([at]) => at).sort((a, b) => a - b));
  });

  test("samples far outside the load are left out, as are values that are not numbers", () => {
    const at = (seconds: number, value?: number) => [start + seconds * 1000, value] as const;
    expect(toPoints([at(-60, 1), at(-1, 2), at(5), at(6, Number.NaN), at(11, 3), at(20, 4)], load)).toEqual([
      [-1, 2],
      [11, 3],
    ]);
  });
});
