// Scales of axes: by magnitude where the values span several, else even.

export interface Scale {
  isLog: boolean;
  /** Where a value lies on the axis. */
  place(ms: number): number;
  /** The value at a place. */
  valueAt(place: number): number;
  min: number;
  max: number;
  /** Places with a label; undefined where the axis finds round ones by itself. */
  ticks: number[] | undefined;
  /** On a scale of magnitudes: the stretch for values of 0, apart from the others. */
  zero?: { from: number; to: number };
}

/**
 * @param isLog by magnitude
 * @param from smallest value to show; one of 0 has no place on a scale of magnitudes
 * @param smallestAboveZero what begins that scale then
 */
export function toScale(isLog: boolean, from: number, to: number, smallestAboveZero: number): Scale {
  const low = from > 0 ? from : smallestAboveZero / 2;
  if (!isLog || !(low > 0)) {
    const room = to > from ? (to - from) * 0.02 : Math.max(1, Math.abs(from) * 0.1);
    const min = Math.max(0, from - room);
    return {
      isLog: false,
      place: (ms) => ms,
      valueAt: (place) => place,
      min,
      max: to + room,
      ticks: undefined,
    };
  }
  const place = (ms: number) => Math.log10(Math.max(ms, low));
  const ticks = toRoundSteps(low, to).map(place);
  const room = (place(to) - place(low)) * 0.02;
  return {
    isLog: true,
    place,
    valueAt: (at) => 10 ** at,
    min: place(low) - room,
    max: place(to) + room,
    ticks,
  };
}

/** A scale of magnitudes with a stretch of its own for values of 0, to the left of the others. */
export function withZero(scale: Scale): Scale {
  const span = scale.max - scale.min;
  const to = scale.min - 0.03 * span;
  const zero = { from: to - 0.05 * span, to };
  const middle = (zero.from + zero.to) / 2;
  return {
    ...scale,
    zero,
    min: zero.from - 0.02 * span,
    place: (ms) => (ms > 0 ? scale.place(ms) : middle),
    valueAt: (place) => (place <= zero.to ? 0 : scale.valueAt(place)),
    ticks: scale.ticks && [middle, ...scale.ticks],
  };
}

/** 1, 2 and 5 of each power of ten; where those are too many, 1 alone. */
function toRoundSteps(from: number, to: number): number[] {
  const steps = Math.log10(to / from) > 3 ? [1] : [1, 2, 5];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to; power += 1) {
    for (const step of steps) all.push(Number((step * 10 ** power).toPrecision(1)));
  }
  return all.filter((value) => value >= from && value <= to);
}

/** The end of an axis from 0: the smallest of 1, 2, 2.5 and 5 times a power of ten that is not below the value; 1 where that is not above 0. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}
