// Flags: upright lines with labels above the plot, one level each, so that no label is crossed by the line of another.
import { LABEL_SIZE } from "./label-places.ts";
import { toTextWidth } from "./text-width.ts";

/** Height of a level. */
export const LEVEL_HEIGHT = 15;
/** From a line to its own label, and to that of others. */
export const FLAG_GAP = 4;

export interface Flag {
  /** Where its line is. */
  x: number;
  /** What it may say, the best first; a later text is shorter. */
  texts: readonly string[];
}

export interface FlagPlace {
  text: string;
  /** The label is to the left of its line. */
  isLeft: boolean;
  /** From 0, the lowest, on: levels of labels below its own. */
  level: number;
}

/** Pixels from left to right. */
export interface Span {
  from: number;
  to: number;
}

/**
 * @param room where labels may be
 * @returns a place for each flag, in their order
 */
export function placeFlags(flags: readonly Flag[], room: Span): FlagPlace[] {
  const most = Math.max(1, ...flags.map(({ texts }) => texts.length));
  for (let shorter = 0; shorter < most; shorter += 1) {
    const texts = flags.map((flag) => flag.texts[Math.min(shorter, flag.texts.length - 1)] ?? "");
    const found = place(flags, texts, room, new Map());
    if (found !== undefined) return flags.map((_, at) => found.get(at) as FlagPlace);
  }
  // Without room for any text the lines alone remain.
  return flags.map((_, level) => ({ text: "", isLeft: false, level }));
}

type Places = ReadonlyMap<number, FlagPlace>;

/**
 * From the top level down: the line of each flag reaches down from its label, so the labels below must leave it free.
 * @param above what is placed already, by its place among the flags
 */
function place(
  flags: readonly Flag[],
  texts: readonly string[],
  room: Span,
  above: Places,
): Places | undefined {
  if (above.size === flags.length) return above;
  const level = flags.length - above.size - 1;
  for (const [flag, { x }] of flags.entries()) {
    if (above.has(flag)) continue;
    const text = texts[flag] as string;
    for (const isLeft of [false, true]) {
      const label = toSpan(x, text, isLeft);
      const isFree = [...above.keys()].every((other) => !isNear((flags[other] as Flag).x, label));
      if (label.from < room.from || label.to > room.to || !isFree) continue;
      const found = place(flags, texts, room, new Map([...above, [flag, { text, isLeft, level }]]));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function toSpan(x: number, text: string, isLeft: boolean): Span {
  const width = toTextWidth(text, LABEL_SIZE);
  return isLeft
    ? { from: x - FLAG_GAP - width, to: x - FLAG_GAP }
    : { from: x + FLAG_GAP, to: x + FLAG_GAP + width };
}

function isNear(x: number, { from, to }: Span): boolean {
  return x > from - FLAG_GAP / 2 && x < to + FLAG_GAP / 2;
}
