// The extent and the labelled positions of an axis, as ECharts takes them.
import type { PlotAxis } from "./plot-axis.ts";

/** @param axis what report-page/page/charts/axes.ts made */
export function toAxisFields<Fields extends { axisLabel: object; axisTick: object }>(
  axis: Fields,
  { option: { min, max, ticks, hasOddEnds } }: PlotAxis,
): Fields {
  const at = ticks && { customValues: ticks };
  return {
    ...axis,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    axisLabel: {
      ...axis.axisLabel,
      ...at,
      ...(ticks === undefined && hasOddEnds && { showMinLabel: false, showMaxLabel: false }),
    },
    axisTick: { ...axis.axisTick, ...at },
  };
}
