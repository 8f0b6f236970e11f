// The shapes of a distribution's chart: bins, percentiles with their labels, certified bounds.
import type { CustomSeriesRenderItem } from "echarts";
import { formatValue } from "../../../../lib/core/units.ts";
import type { DistributionMark } from "../chart-spec.ts";
import type { Theme } from "../theme.ts";
import type { Scale } from "./scale.ts";

/** Height of a percentile's label above the histogram: labels are stacked, as neighbours would overlap. */
export const LABEL_HEIGHT = 15;

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

interface MarkPlace extends DistributionMark {
  /** Its label is to the left of its line. */
  isLeft: boolean;
  /** Lines of labels below its own. */
  level: number;
}

/** No label is crossed by the line of a neighbour: of those to the right of their lines the first is on top, of the others the last. */
export function toMarkPlaces(marks: readonly DistributionMark[], scale: Scale): MarkPlace[] {
  const isLeft = (ms: number) => (scale.place(ms) - scale.min) / (scale.max - scale.min) > 0.6;
  const left = marks.filter(({ ms }) => isLeft(ms));
  const fromTop = [...marks.filter(({ ms }) => !isLeft(ms)), ...left.reverse()];
  return marks.map((mark) => ({
    ...mark,
    isLeft: isLeft(mark.ms),
    level: marks.length - 1 - fromTop.indexOf(mark),
  }));
}

function toLabelY(params: Parameters<CustomSeriesRenderItem>[0], { level }: MarkPlace): number {
  const { y } = params.coordSys as unknown as { y: number };
  return y - 6 - level * LABEL_HEIGHT;
}

export function drawMarkLine(places: readonly MarkPlace[], theme: Theme): CustomSeriesRenderItem {
  return (params, api) => {
    const mark = places[Number(api.value(2))] as MarkPlace;
    const [x, bottom] = api.coord([api.value(0), 0]) as [number, number];
    return {
      type: "line",
      shape: { x1: x, y1: toLabelY(params, mark) - 5, x2: x, y2: bottom },
      style: { stroke: theme.text, lineWidth: 1, ...(mark.isUncertain && { lineDash: [4, 3] }) },
    };
  };
}

export function drawMarkLabel(places: readonly MarkPlace[], theme: Theme): CustomSeriesRenderItem {
  return (params, api) => {
    const mark = places[Number(api.value(2))] as MarkPlace;
    const [x] = api.coord([api.value(0), 0]) as [number, number];
    return {
      type: "text",
      style: {
        text: `${mark.name}${mark.isUncertain ? "*" : ""} ${formatValue(mark.ms, "ms")}`,
        x: x + (mark.isLeft ? -4 : 4),
        y: toLabelY(params, mark),
        align: mark.isLeft ? "right" : "left",
        verticalAlign: "middle",
        fill: theme.text,
        stroke: theme.surface,
        lineWidth: 3,
        fontSize: 11,
      },
    };
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
