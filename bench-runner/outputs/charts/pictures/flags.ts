// Draws flags: upright lines from their labels above the plot down to its bottom, in every kind of chart.
import type { CustomSeriesRenderItem } from "echarts";
import type { Theme } from "../theme.ts";
import { FONT } from "./echarts-parts.ts";
import { FLAG_GAP, type FlagPlace, LEVEL_HEIGHT, placeFlags, type Span } from "./flag-places.ts";
import { LABEL_SIZE } from "./label-places.ts";
import type { Look } from "./picture.ts";

export interface DrawnFlag {
  /** On ECharts' horizontal axis. */
  at: number;
  texts: readonly string[];
  isDashed?: boolean;
}

/** Room that the labels take above the plot. */
export function toFlagsHeight(flags: readonly unknown[]): number {
  return flags.length * LEVEL_HEIGHT;
}

/**
 * Two series, lines below labels.
 * @param bottom value at the lower end of the vertical axis
 * @param from pixels from the left, where labels may begin
 */
export function toFlagSeries(
  name: string,
  flags: readonly DrawnFlag[],
  { theme, width }: Look,
  bottom = 0,
  from = 1,
) {
  if (flags.length === 0) return [];
  return [drawLine, drawLabel].map((draw, layer) => ({
    type: "custom",
    name: `${name} ${layer}`,
    data: flags.map(({ at }, index) => [at, bottom, index]),
    encode: { x: 0, y: 1 },
    silent: true,
    clip: false,
    tooltip: { show: false },
    z: 5 + layer,
    renderItem: draw(flags, theme, { from, to: width - 1 }),
  }));
}

type Draw = (flags: readonly DrawnFlag[], theme: Theme, room: Span) => CustomSeriesRenderItem;

/** The place of the flag that is drawn, and its line in pixels. */
function toPlace(
  flags: readonly DrawnFlag[],
  room: Span,
  ...[params, api]: Parameters<CustomSeriesRenderItem>
): FlagPlace & { x: number; top: number; bottom: number } {
  const { y, height } = params.coordSys as unknown as { y: number; height: number };
  const xs = flags.map(({ at }) => (api.coord([at, api.value(1)]) as [number, number])[0]);
  const places = placeFlags(
    flags.map(({ texts }, index) => ({ x: xs[index] as number, texts })),
    room,
  );
  const index = Number(api.value(2));
  const place = places[index] as FlagPlace;
  return { ...place, x: xs[index] as number, top: y - 9 - place.level * LEVEL_HEIGHT, bottom: y + height };
}

const drawLine: Draw = (flags, theme, room) => (params, api) => {
  const { x, top, bottom } = toPlace(flags, room, params, api);
  const isDashed = flags[Number(api.value(2))]?.isDashed;
  return {
    type: "line",
    shape: { x1: x, y1: top - 5, x2: x, y2: bottom },
    style: { stroke: theme.text, lineWidth: 1, ...(isDashed && { lineDash: [4, 3] }) },
  };
};

const drawLabel: Draw = (flags, theme, room) => (params, api) => {
  const { x, top, text, isLeft } = toPlace(flags, room, params, api);
  return {
    type: "text",
    style: {
      text,
      x: x + (isLeft ? -FLAG_GAP : FLAG_GAP),
      y: top,
      align: isLeft ? "right" : "left",
      verticalAlign: "middle",
      fill: theme.text,
      fontSize: LABEL_SIZE,
      fontFamily: FONT,
    },
  };
};
