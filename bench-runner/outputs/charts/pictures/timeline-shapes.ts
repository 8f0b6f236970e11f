// The shapes of the timelines: parts of a request, its tokens, the mark of a failure.
import type { CustomSeriesRenderItem } from "echarts";
import type { TimelineRow } from "../chart-spec.ts";
import { colourOf, type Theme } from "../theme.ts";
import { toTextWidth } from "./text-width.ts";

export function toFill(theme: Theme, part: number): string {
  return [theme.muted, colourOf(theme, 1), colourOf(theme, 3), colourOf(theme, 2), theme.muted][
    part
  ] as string;
}

/** Waiting is hollow, tokens are a pale band below their strokes: distinct without colour, too. */
export function drawSpan(theme: Theme, part: number): CustomSeriesRenderItem {
  return (_, api) => {
    const [left, y] = api.coord([api.value(1), api.value(0)]) as [number, number];
    const [right] = api.coord([api.value(2), api.value(0)]) as [number, number];
    const height = part === 3 ? 18 : part === 0 || part === 4 ? 4 : 12;
    const colour = toFill(theme, part);
    return {
      type: "rect",
      shape: { x: left, y: y - height / 2, width: Math.max(1, right - left), height },
      style: {
        fill: colour,
        fillOpacity: part === 3 ? 0.22 : part === 1 ? 0.3 : 0.9,
        stroke: colour,
        lineWidth: part === 1 ? 1.5 : 0,
        ...(part === 1 && { lineDash: [3, 2] }),
      },
    };
  };
}

export function drawTick(theme: Theme): CustomSeriesRenderItem {
  return (_, api) => {
    const [x, y] = api.coord([api.value(1), api.value(0)]) as [number, number];
    return {
      type: "line",
      shape: { x1: x, y1: y - 9, x2: x, y2: y + 9 },
      style: { stroke: colourOf(theme, 2), lineWidth: 1 },
    };
  };
}

const FAULT_SIZE = 12;
const FAULT_GAP = 5;

/** From the end of a row to the end of its word. */
export function toFaultWidth(label: string): number {
  // Bold letters are a tenth wider.
  return FAULT_GAP + 1.1 * toTextWidth(toFaultText(label), FAULT_SIZE);
}

function toFaultText(label: string): string {
  return `✕ ${label}`;
}

export function drawFault(theme: Theme, rows: readonly TimelineRow[]): CustomSeriesRenderItem {
  return (_, api) => {
    const [x, y] = api.coord([api.value(1), api.value(0)]) as [number, number];
    const { fault } = rows[Number(api.value(0))] as TimelineRow;
    return {
      type: "text",
      style: {
        text: toFaultText(fault?.label ?? ""),
        x: x + FAULT_GAP,
        y,
        align: "left",
        verticalAlign: "middle",
        fill: theme.bad,
        fontSize: FAULT_SIZE,
        fontWeight: 700,
        stroke: theme.surface,
        lineWidth: 3,
      },
    };
  };
}
