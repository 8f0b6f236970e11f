// The samples taken during the load, recomputed for verify-summary.ts: GPUs, the client's machine, the counts expected from the server.
import { max, mean, min, sum } from "simple-statistics";
import type { GpuLine, HostLine } from "../../../bench-runner/run-folder/run-files.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { judge, usage } from "./verify-formulas.ts";

type Numbers = Record<string, number>;
type Point = [unixMs: number, value: number];

/** Unix milliseconds. */
interface Span {
  fromMs: number;
  toMs: number;
}

/** @param outputTokens generated in the window; undefined if the server runs elsewhere */
export function putGpus(
  found: Numbers,
  lines: GpuLine[],
  span: Span,
  outputTokens: number | undefined,
): void {
  const indexes = [...new Set(lines.flatMap(({ gpus }) => gpus.map(({ index }) => index)))].sort(
    (a, b) => a - b,
  );
  const energies = indexes.map((index, place) => {
    const path = `gpus.devices.${place}`;
    const points = (key: Exclude<keyof GpuLine["gpus"][number], "index" | "name">): Point[] =>
      lines.flatMap((line) => {
        const value = line.gpus.find((gpu) => gpu.index === index)?.[key];
        return value === undefined ? [] : [[line.atUnixMs, value]];
      });
    const inside = (key: Parameters<typeof points>[0]) =>
      points(key).flatMap(([at, value]) => (at < span.fromMs || at > span.toMs ? [] : value));
    found[`${path}.index`] = index;
    for (const key of ["utilisation", "powerWatts", "temperatureCelsius"] as const) {
      if (inside(key).length === 0) continue;
      found[`${path}.${key}.mean`] = mean(inside(key));
      found[`${path}.${key}.max`] = max(inside(key));
    }
    const heat = inside("temperatureCelsius");
    if (heat.length > 0) found[`${path}.temperatureCelsius.min`] = min(heat);
    const memory = inside("memoryUsedBytes");
    if (memory.length > 0) found[`${path}.peakMemoryBytes`] = max(memory);
    const total = points("memoryTotalBytes").at(-1);
    if (total) found[`${path}.memoryTotalBytes`] = total[1];
    const joules = toJoules(points("powerWatts"), span);
    if (joules !== undefined) found[`${path}.energyJoules`] = joules;
    return joules;
  });
  const known = energies.filter((joules) => joules !== undefined);
  if (indexes.length === 0 || known.length < indexes.length) return;
  const energy = sum(known);
  found["gpus.energyJoules"] = energy;
  if (!outputTokens || energy <= 0) return;
  found["gpus.joulesPerOutputToken"] = energy / outputTokens;
  found["gpus.outputTokensPerJoule"] = outputTokens / energy;
}

/**
 * Power is a straight line from reading to reading, level before the first and after the last one: its area, corner by
 * corner. Unknown if a part of the span is more than 5 s from a reading, or between two that far apart.
 */
function toJoules(points: Point[], { fromMs, toMs }: Span): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const isHole = points.slice(1).some(([at], index) => {
    const [before] = points[index] as Point;
    return at - before > 5000 && at > fromMs && before < toMs;
  });
  if (isHole || first[0] > fromMs + 5000 || last[0] < toMs - 5000) return undefined;
  const watts = (ms: number): number => {
    const [left, right] = [points.findLast(([at]) => at <= ms), points.find(([at]) => at >= ms)];
    if (left === undefined || right === undefined || left === right) return (left ?? right ?? first)[1];
    return left[1] + ((right[1] - left[1]) * (ms - left[0])) / (right[0] - left[0]);
  };
  const corners = [fromMs, ...points.map(([at]) => at).filter((at) => at > fromMs && at < toMs), toMs];
  return sum(
    corners.slice(1).map((to, index) => {
      const from = corners[index] as number;
      return (((watts(from) + watts(to)) / 2) * (to - from)) / 1000;
    }),
  );
}

/** k6's part and the whole machine's: means over the time between samples, within the span. */
export function putMachine(
  found: Numbers,
  lines: HostLine[],
  span: Span,
  logicalCores: number | undefined,
): void {
  const stretches = lines.slice(1).flatMap((line, index) => {
    const from = Math.max((lines[index] as HostLine).atUnixMs, span.fromMs);
    const seconds = (Math.min(line.atUnixMs, span.toMs) - from) / 1000;
    return seconds > 0 ? [{ line, seconds }] : [];
  });
  const put = (path: string, value: number | undefined) => {
    if (value !== undefined) found[path] = value;
  };
  const weighted = (of: (line: HostLine) => number | undefined) => {
    const known = stretches.flatMap(({ line, seconds }) => {
      const value = of(line);
      return value === undefined ? [] : [{ value, seconds }];
    });
    const seconds = sum(known.map((part) => part.seconds));
    const coreSeconds = sum(known.map((part) => part.value * part.seconds));
    return seconds > 0
      ? { coreSeconds, mean: coreSeconds / seconds, max: max(known.map((part) => part.value)) }
      : undefined;
  };
  const host = weighted((line) => line.cpuCores);
  put("host.cpuCores.mean", host?.mean);
  put("host.cpuCores.max", host?.max);
  if (host) put("host.logicalCores", logicalCores);
  for (const [role, path, names] of [
    ["k6", "client", ["k6CpuSeconds", "k6CpuCores", "k6PeakMemoryBytes"]],
    ["server", "server.process", ["cpuSeconds", "cpuCores", "peakMemoryBytes"]],
  ] as const) {
    const memory = stretches.flatMap(({ line }) => line.processes[role]?.memoryBytes ?? []);
    const cores = weighted((line) => line.processes[role]?.cpuCores);
    if (memory.length === 0 || max(memory) === 0) continue;
    put(`${path}.${names[0]}`, cores?.coreSeconds);
    put(`${path}.${names[1]}`, cores?.mean);
    put(`${path}.${names[2]}`, max(memory));
    if (role === "k6") put("client.logicalCores", logicalCores);
  }
}

/** The clients' side of the reconciliation, and how far the server may be ahead of it. */
export function putReconciliation(found: Numbers, lines: RequestLine[], longestAnswer: number): void {
  const unsettled = lines.filter((line) => {
    const isWhole = line.ended === "marker" || line.fields.finishReason !== undefined;
    const isFree = ["refused", "http_error", "not_a_stream"].includes(judge(line));
    return (
      line.sentMs !== undefined && !isFree && !(isWhole && usage(line, "completionTokens") !== undefined)
    );
  });
  Object.assign(found, {
    "reconciliation.promptTokens.client": sum(lines.map((line) => usage(line, "promptTokens") ?? 0)),
    "reconciliation.promptTokens.allowed": sum(unsettled.map((line) => line.requestBytes)),
    "reconciliation.completionTokens.client": sum(lines.map((line) => usage(line, "completionTokens") ?? 0)),
    "reconciliation.completionTokens.allowed": sum(
      unsettled.map((line) => Math.max(longestAnswer, line.tokenEvents)),
    ),
  });
}
