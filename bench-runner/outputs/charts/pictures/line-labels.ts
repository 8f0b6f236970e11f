// Labels next to the points of a chart of lines, placed where they cover neither a line nor a point nor each other.
import type { CustomSeriesRenderItem } from "echarts";
import type { LinePoint, LinesChart, LinesSeries } from "../chart-spec.ts";
import { isKnown } from "./axis-numbers.ts";
import type { Box, Segment } from "./box.ts";
import { FONT } from "./echarts-parts.ts";
import { LABEL_SIZE, type PointLabel, placeLabels } from "./label-places.ts";
import type { Look } from "./picture.ts";
import type { PlotAxes } from "./plot-axis.ts";

/** More or longer labels next to points would cover what they are about. */
const MOST_LABELS = 40;
const LONGEST_LABEL = 18;
/** Half the width of a point's symbol. */
const HALF_SYMBOL = 5;

type ToPixels = (point: LinePoint, value?: number) => [number, number] | undefined;

/** One series that draws the labels of all lines: none of them can be placed without the others. */
export function toLabelSeries(chart: LinesChart, { theme }: Look, axes: PlotAxes) {
  const all = chart.series.flatMap(({ points }) => points);
  const first = all.find((point) => isLabelled(point) && toPlace(point, axes) !== undefined);
  if (first === undefined || all.length > MOST_LABELS) return [];
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const area = params.coordSys as unknown as Box;
    const shown = api.currentSeriesIndices();
    const series = chart.series.filter((_, index) => shown.includes(index));
    const toPixels: ToPixels = (point, value = point.y) => {
      const place = toPlace({ ...point, y: value }, axes);
      return place && (api.coord(place) as [number, number]);
    };
    const labels = toLabels(series, toPixels);
    const marks = (chart.marks ?? []).flatMap(({ axis, at }): Segment[] => {
      const place = axes[axis].place(at);
      if (place === undefined) return [];
      const [x, y] = api.coord(axis === "x" ? [place, api.value(1)] : [api.value(0), place]) as [
        number,
        number,
      ];
      return axis === "x"
        ? [{ x1: x, y1: area.y, x2: x, y2: area.y + area.height }]
        : [{ x1: area.x, y1: y, x2: area.x + area.width, y2: y }];
    });
    const lines = [...marks, ...series.flatMap((one) => toSegments(one, toPixels))];
    const boxes = placeLabels(
      labels,
      { lines, boxes: series.flatMap((one) => toSymbols(one, toPixels)) },
      area,
    );
    return {
      type: "group",
      children: boxes.flatMap((box, at) =>
        box === undefined
          ? []
          : [
              {
                type: "text" as const,
                style: {
                  text: labels[at]?.text ?? "",
                  x: box.x + box.width / 2,
                  y: box.y + box.height / 2,
                  align: "center" as const,
                  verticalAlign: "middle" as const,
                  fill: theme.text,
                  stroke: theme.surface,
                  lineWidth: 2,
                  fontSize: LABEL_SIZE,
                  fontFamily: FONT,
                },
              },
            ],
      ),
    };
  };
  return [
    {
      type: "custom",
      name: "labels",
      data: [toPlace(first, axes)],
      encode: { x: 0, y: 1 },
      silent: true,
      clip: false,
      tooltip: { show: false },
      z: 10,
      renderItem,
    },
  ];
}

/** Points of several lines at the same place with the same label have it once. */
function toLabels(series: readonly LinesSeries[], toPixels: ToPixels): PointLabel[] {
  const found = new Map<string, PointLabel>();
  for (const point of series.flatMap(({ points }) => points)) {
    const at = isLabelled(point) ? toPixels(point) : undefined;
    if (at !== undefined)
      found.set([point.label, ...at].join(" "), { x: at[0], y: at[1], text: point.label as string });
  }
  return [...found.values()];
}

function isLabelled({ label, y }: LinePoint): boolean {
  return isKnown(y) && label !== undefined && label.length <= LONGEST_LABEL;
}

function toPlace({ x, y }: LinePoint, axes: PlotAxes): [number, number] | undefined {
  const place = [axes.x.place(x), isKnown(y) ? axes.y.place(y) : undefined];
  return place.every(isKnown) ? (place as [number, number]) : undefined;
}

/** The line from point to point, and the whiskers. */
function toSegments({ points, line }: LinesSeries, toPixels: ToPixels): Segment[] {
  return points.flatMap((point, at): Segment[] => {
    const [to, low, high] = [toPixels(point), toPixels(point, point.low), toPixels(point, point.high)];
    const whisker =
      low && high && isKnown(point.low) && isKnown(point.high)
        ? [{ x1: low[0], y1: low[1], x2: high[0], y2: high[1] }]
        : [];
    const before = points[at - 1];
    const from = before && toPixels(before);
    if (from === undefined || to === undefined || line === "none") return whisker;
    const [[x1, y1], [x2, y2]] = [from, to];
    // A step holds its value until the next point.
    const way =
      line === "step"
        ? [
            { x1, y1, x2, y2: y1 },
            { x1: x2, y1, x2, y2 },
          ]
        : [{ x1, y1, x2, y2 }];
    return [...whisker, ...way];
  });
}

function toSymbols({ points, line }: LinesSeries, toPixels: ToPixels): Box[] {
  if (line === "step") return [];
  return points.flatMap((point) => {
    const at = toPixels(point);
    const size = 2 * HALF_SYMBOL;
    return at === undefined
      ? []
      : [{ x: at[0] - HALF_SYMBOL, y: at[1] - HALF_SYMBOL, width: size, height: size }];
  });
}
