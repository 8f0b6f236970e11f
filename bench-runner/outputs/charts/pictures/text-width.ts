// How wide a text is at most: places for labels are chosen before anything is drawn, in whatever font the reader has.

/** Widths in em of the widest of the usual system fonts (DejaVu Sans). */
const NARROW = 0.36;
const MIDDLE = 0.45;
const USUAL = 0.64;
const CAPITAL = 0.77;
const WIDE = 0.98;

/** @returns CSS pixels */
export function toTextWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const letter of text) em += toWidth(letter);
  return em * fontSize;
}

/** The text, without its middle where it is wider: names often differ at their ends. */
export function shortenMiddle(text: string, fontSize: number, width: number): string {
  let short = text;
  for (let kept = text.length - 1; kept > 1 && toTextWidth(short, fontSize) > width; kept -= 1)
    short = `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(-Math.floor(kept / 2))}`;
  return short;
}

function toWidth(letter: string): number {
  if (/[ .,:;'|!ijl\u00a0]/.test(letter)) return NARROW;
  if (/[-frt()[\]/"·]/.test(letter)) return MIDDLE;
  if (/[mwMWQ%@…✕≤≥−+=<>]/.test(letter)) return WIDE;
  return /[A-Z]/.test(letter) ? CAPITAL : USUAL;
}
