// Whiskers: an interval or a range as a line with two ends, at the value that it belongs to.
import type { CustomSeriesRenderItem } from "echarts";

const HALF_END = 4;

/**
 * Data items are [position, low, high].
 * @param isLying along a horizontal axis of values
 * @param offset pixels from the position, such as to the middle of one bar of a group
 */
export function drawWhisker(
  colour: string,
  isLying: boolean,
  offset: (api: Parameters<CustomSeriesRenderItem>[1]) => number = () => 0,
): CustomSeriesRenderItem {
  return (_, api) => {
    const at = api.value(0);
    const ends = [api.value(1), api.value(2)].map((end) => api.coord(isLying ? [end, at] : [at, end]));
    const [from, to] = ends as [number[], number[]];
    const shift = offset(api);
    const [low, high] = isLying ? [from[0], to[0]] : [from[1], to[1]];
    const middle = ((isLying ? from[1] : from[0]) ?? 0) + shift;
    const segment = (a: [number, number], b: [number, number]) => ({
      type: "line" as const,
      shape: isLying
        ? { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }
        : { x1: a[1], y1: a[0], x2: b[1], y2: b[0] },
      style: { stroke: colour, lineWidth: 1.5 },
    });
    const end = (place: number) => segment([place, middle - HALF_END], [place, middle + HALF_END]);
    return {
      type: "group",
      children: [segment([low ?? 0, middle], [high ?? 0, middle]), end(low ?? 0), end(high ?? 0)],
    };
  };
}
