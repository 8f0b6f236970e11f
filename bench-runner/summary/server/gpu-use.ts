// GPU use in the window: how busy, how much memory and power, how hot, and the energy per token.

import type { GpuLine, GpuReading } from "../../run-folder/run-files.ts";
import type { Gpu, GpuUse, Spread } from "../summary.ts";
import type { UnixSpan } from "./process-use.ts";

/** Readings come once a second; readings further apart than this do not describe the time between them. */
const LONGEST_GAP_MS = 5_000;

export interface GpuContext {
  window: UnixSpan;
  /** Tokens generated in the window, by stamp; undefined if unknown. */
  outputTokens: number | undefined;
  /** Whether the server runs on this machine: only then is the energy the server's. */
  isServerHere: boolean;
}

interface Point {
  atUnixMs: number;
  value: number;
}

/** @param lines undefined if no GPUs were looked for; missing figures are listed in `absent`, with the reason */
export function toGpuUse(lines: readonly GpuLine[] | undefined, context: GpuContext | undefined): GpuUse {
  const unknown = (reason: string): GpuUse => ({ devices: [], absent: [{ what: "all", reason }] });
  if (context === undefined) return unknown("no request was measured");
  const problem = lines?.find((line) => line.problem !== undefined)?.problem;
  const found = new Map<number, GpuReading>();
  for (const { gpus } of lines ?? [])
    for (const gpu of gpus) if (!found.has(gpu.index)) found.set(gpu.index, gpu);
  if (lines === undefined || found.size === 0) return unknown(problem ?? "GPUs were not sampled");

  const absent: GpuUse["absent"] = [];
  const devices = [...found.values()]
    .sort((a, b) => a.index - b.index)
    .map(({ index, name }) => {
      const { device, reason } = toDevice(lines, index, name, context.window);
      if (reason !== undefined) absent.push({ what: `gpu ${index} energyJoules`, reason: problem ?? reason });
      return device;
    });
  const energies = devices.flatMap(({ energyJoules }) => energyJoules ?? []);
  if (energies.length < devices.length) return { devices, absent };
  const energyJoules = energies.reduce((sum, energy) => sum + energy, 0);
  const tokens = context.isServerHere ? context.outputTokens : undefined;
  if (!tokens || energyJoules <= 0) {
    const reason = context.isServerHere
      ? "no token was generated in the window"
      : "the server does not run on this machine: these GPUs are not known to be its own";
    return { devices, energyJoules, absent: [...absent, { what: "joulesPerOutputToken", reason }] };
  }
  return {
    devices,
    energyJoules,
    joulesPerOutputToken: energyJoules / tokens,
    outputTokensPerJoule: tokens / energyJoules,
    absent,
  };
}

function toDevice(
  lines: readonly GpuLine[],
  index: number,
  name: string,
  window: UnixSpan,
): { device: Gpu; reason?: string } {
  const series = (key: Exclude<keyof GpuReading, "index" | "name">): Point[] =>
    lines.flatMap(({ atUnixMs, gpus }) => {
      const value = gpus.find((gpu) => gpu.index === index)?.[key];
      return value === undefined ? [] : [{ atUnixMs, value }];
    });
  const inside = (points: readonly Point[]) =>
    points
      .filter(({ atUnixMs }) => atUnixMs >= window.fromMs && atUnixMs <= window.toMs)
      .map(({ value }) => value);
  const power = series("powerWatts");
  const energyJoules = integrate(power, window);
  const utilisation = toSpread(inside(series("utilisation")));
  const powerWatts = toSpread(inside(power));
  const temperatures = inside(series("temperatureCelsius"));
  const temperature = toSpread(temperatures);
  const [memory, total] = [inside(series("memoryUsedBytes")), series("memoryTotalBytes").at(-1)?.value];
  return {
    device: {
      index,
      name,
      ...(utilisation && { utilisation }),
      ...(memory.length > 0 && { peakMemoryBytes: memory.reduce((max, value) => Math.max(max, value)) }),
      ...(total !== undefined && { memoryTotalBytes: total }),
      ...(powerWatts && { powerWatts }),
      ...(temperature && {
        temperatureCelsius: {
          min: temperatures.reduce((min, value) => Math.min(min, value)),
          ...temperature,
        },
      }),
      ...(energyJoules !== undefined && { energyJoules }),
    },
    ...(energyJoules === undefined && {
      reason:
        power.length === 0
          ? "the GPU does not report its power"
          : "its power was not read over the whole window",
    }),
  };
}

/**
 * Watts over time → joules in `span`: the trapezoids between readings, cut at the span's ends; before the first and after the
 * last reading the power is taken as constant. Undefined if a part of the span is too far from a reading.
 */
export function integrate(points: readonly Point[], { fromMs, toMs }: UnixSpan): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (first.atUnixMs - fromMs > LONGEST_GAP_MS || toMs - last.atUnixMs > LONGEST_GAP_MS) return undefined;
  const all = [
    { ...first, atUnixMs: Math.min(first.atUnixMs, fromMs) },
    ...points,
    { ...last, atUnixMs: Math.max(last.atUnixMs, toMs) },
  ];
  let joules = 0;
  for (const [index, after] of all.entries()) {
    const before = all[index - 1];
    if (before === undefined) continue;
    const [from, to] = [Math.max(before.atUnixMs, fromMs), Math.min(after.atUnixMs, toMs)];
    const gapMs = after.atUnixMs - before.atUnixMs;
    if (to <= from) continue;
    if (gapMs > LONGEST_GAP_MS) return undefined;
    const at = (ms: number) => before.value + ((after.value - before.value) * (ms - before.atUnixMs)) / gapMs;
    joules += (((at(from) + at(to)) / 2) * (to - from)) / 1000;
  }
  return joules;
}

function toSpread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: values.reduce((max, value) => Math.max(max, value)),
  };
}
