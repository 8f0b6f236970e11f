// Text in a terminal's columns: how wide it is, cut and wrapped to a width. Characters of East Asia and pictures are two wide.

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes: two for a wide character, none for a combining one. */
export function toWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  return WIDE.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1;
}

/** On one line, and without what moves a cursor or changes colours: servers and users write what they like. */
export function toPlainLine(text: string): string {
  return text.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
}

/** At most `width` columns; what is longer ends with "…". */
export function cutToWidth(text: string, width: number): string {
  if (toWidth(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Spaces behind, up to `width` columns. */
export function padToWidth(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - toWidth(text)));
}

/** Words into lines of at most `width` columns; a word that is longer is broken. One line at least. */
export function wrapToWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(" ")) {
    for (const piece of breakWord(word, Math.max(2, width))) {
      const wide = toWidth(piece);
      if (line !== "" && used + 1 + wide <= width) {
        line += ` ${piece}`;
        used += 1 + wide;
      } else {
        if (line !== "") lines.push(line);
        line = piece;
        used = wide;
      }
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

function breakWord(word: string, width: number): string[] {
  if (toWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  let used = 0;
  for (const character of word) {
    const wide = widthOf(character);
    if (used + wide > width) {
      pieces.push(piece);
      piece = "";
      used = 0;
    }
    piece += character;
    used += wide;
  }
  return piece === "" ? pieces : [...pieces, piece];
}
