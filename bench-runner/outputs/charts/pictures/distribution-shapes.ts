// The shapes of a distribution's chart: bins and certified bounds.
import type { CustomSeriesRenderItem } from "echarts";

export function drawBin(fill: string): CustomSeriesRenderItem {
  return (_, api) => {
    const [left, top] = api.coord([api.value(0), api.value(2)]) as [number, number];
    const [right, bottom] = api.coord([api.value(1), 0]) as [number, number];
    // A bin of few requests next to one of thousands stays visible.
    const height = Number(api.value(2)) > 0 ? Math.max(2, bottom - top) : 0;
    const width = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
    return { type: "rect", shape: { x: left, y: bottom - height, width, height }, style: { fill } };
  };
}

/** From the percentile to its certified value. */
export function drawBound(colour: string): CustomSeriesRenderItem {
  return (_, api) => {
    const [from, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
    const [to] = api.coord([api.value(2), api.value(1)]) as [number, number];
    const size = 4.5;
    return {
      type: "group",
      children: [
        {
          type: "line",
          shape: { x1: from, y1: y, x2: to, y2: y },
          style: { stroke: colour, lineWidth: 1.5, lineDash: [2, 2] },
        },
        {
          type: "polygon",
          shape: {
            points: [
              [to - size, y],
              [to, y - size],
              [to + size, y],
              [to, y + size],
            ],
          },
          style: { fill: colour },
        },
      ],
    };
  };
}
