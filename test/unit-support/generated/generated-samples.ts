// The samples taken along with a generated run, for property tests: the machine, its GPUs, the server's counters.
import fc from "fast-check";
import type { GpuLine, HostLine } from "../../../bench-runner/run-folder/run-files.ts";
import type { ServerSamples } from "../../../bench-runner/summary/server/server-samples.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { outcome } from "../examples/example-journal.ts";

/** From 0 to `most`, in hundredths: fast-check's own doubles are nearly all close to 0. */
export const upTo = (most: number) => fc.nat(most * 100).map((hundredths) => hundredths / 100);
/** Absent once in `freq` cases. */
export const optional = <T>(of: fc.Arbitrary<T>, freq = 2) => fc.option(of, { nil: undefined, freq });

const reading = fc.record(
  {
    utilisation: upTo(1),
    memoryUsedBytes: fc.nat(),
    memoryTotalBytes: fc.nat(),
    powerWatts: upTo(700),
    temperatureCelsius: upTo(100),
  },
  { requiredKeys: [] },
);
export const samples = fc.record({
  stepsMs: fc.array(fc.oneof(fc.integer({ min: 800, max: 1200 }), fc.integer({ min: 1, max: 5500 })), {
    minLength: 1,
    maxLength: 40,
  }),
  fromMs: fc.integer({ min: -3000, max: 3000 }),
  gpus: fc.array(fc.array(reading, { minLength: 1, maxLength: 7 }), { maxLength: 3 }),
  cores: fc.array(optional(upTo(16), 5), { minLength: 1, maxLength: 7 }),
});
export type Samples = typeof samples extends fc.Arbitrary<infer T> ? T : never;

/** They begin about when the run does, and may end before it. */
export function toSamples({ stepsMs, fromMs, gpus, cores }: Samples, lines: RequestLine[]): ServerSamples {
  let atUnixMs = outcome.startedUnixMs + fromMs;
  const times = stepsMs.map((step) => {
    atUnixMs += step;
    return atUnixMs;
  });
  const hosts = times.map((atUnixMs, index): HostLine => {
    const cpuCores = cores[index % cores.length];
    const own = { ...(cpuCores !== undefined && { cpuCores: cpuCores / 2 }), memoryBytes: 1000 + index };
    return {
      type: "host",
      atUnixMs,
      ...(cpuCores !== undefined && { cpuCores }),
      processes: { k6: own, ...(index % 3 !== 2 && { server: own }) },
    };
  });
  const gpuLines = times.map(
    (atUnixMs, index): GpuLine => ({
      type: "gpu",
      atUnixMs,
      gpus: gpus.map((readings, gpu) => ({ index: gpu, name: "GPU", ...readings[index % readings.length] })),
    }),
  );
  const total = (key: string) =>
    lines.reduce((sum, { fields }) => sum + ((fields[key] as number | undefined) ?? 0), 0);
  return {
    scrapes: [],
    hosts,
    gpus: gpuLines,
    before: counters(0, 0),
    after: counters(total("promptTokens"), total("completionTokens")),
  };
}

function counters(prompt: number, predicted: number): Map<string, number> {
  return new Map([
    ["llamacpp:prompt_tokens_total", prompt],
    ["llamacpp:prompt_tokens_cached_total", 0],
    ["llamacpp:tokens_predicted_total", predicted],
  ]);
}
