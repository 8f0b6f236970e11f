// Utilisation, memory and power of each GPU over time.
import type { GpuLine } from "../../run-folder/run-files.ts";
import type { SampledSeries } from "../../summary/series/report-data.ts";
import { type LoadSpan, toPoints } from "./series-points.ts";

const FIGURES = [
  ["utilisation", "Utilisation", "share"],
  ["memoryUsedBytes", "Memory", "bytes"],
  ["powerWatts", "Power", "W"],
] as const;

/** A figure that a GPU does not tell has no series. */
export function toGpuSeries(lines: readonly GpuLine[], load: LoadSpan): SampledSeries[] {
  const indexes = new Set(lines.flatMap(({ gpus }) => gpus.map(({ index }) => index)));
  return [...indexes]
    .sort((a, b) => a - b)
    .flatMap((gpu) =>
      FIGURES.flatMap(([figure, label, unit]) => {
        const readings = lines.map(
          ({ atUnixMs, gpus }) => [atUnixMs, gpus.find(({ index }) => index === gpu)?.[figure]] as const,
        );
        const points = toPoints(readings, load);
        if (points.length === 0) return [];
        return [{ key: `gpu${gpu}.${figure}`, label: `${label} of GPU ${gpu}`, group: "gpu", unit, points }];
      }),
    );
}
