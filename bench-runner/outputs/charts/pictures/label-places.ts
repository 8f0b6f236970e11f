// Where labels next to points go: the first place that touches nothing; a label without one is left out.
import { type Box, doBoxesMeet, doesLineMeet, isWithin, type Segment } from "./box.ts";
import { toTextWidth } from "./text-width.ts";

export const LABEL_SIZE = 11;
const LABEL_HEIGHT = 14;
/** From the middle of a point to its label: farther away it could belong to another one. */
const AWAY = 7;

export interface PointLabel {
  x: number;
  y: number;
  text: string;
}

/** What a label must not touch. */
export interface Obstacles {
  lines: readonly Segment[];
  boxes: readonly Box[];
}

/**
 * @param labels the first ones choose first
 * @param area that holds every label
 * @returns the box of each label, undefined where there is no room
 */
export function placeLabels(
  labels: readonly PointLabel[],
  { lines, boxes }: Obstacles,
  area: Box,
): (Box | undefined)[] {
  const taken = [...boxes];
  return labels.map((label) => {
    const found = toCandidates(label).find(
      (box) =>
        isWithin(box, area) &&
        !taken.some((other) => doBoxesMeet(box, other)) &&
        !lines.some((line) => doesLineMeet(line, box)),
    );
    if (found !== undefined) taken.push(found);
    return found;
  });
}

/** Above, below, to the sides, in the corners. */
function toCandidates({ x, y, text }: PointLabel): Box[] {
  const size = { width: toTextWidth(text, LABEL_SIZE), height: LABEL_HEIGHT };
  const [middle, centre] = [x - size.width / 2, y - size.height / 2];
  const [left, right] = [x - AWAY - size.width, x + AWAY];
  const [above, below] = [y - AWAY - size.height, y + AWAY];
  return (
    [
      [middle, above],
      [middle, below],
      [right, centre],
      [left, centre],
      [left, above],
      [right, below],
      [right, above],
      [left, below],
    ] as const
  ).map(([x, y]) => ({ x, y, ...size }));
}
