// Text in the columns of a terminal: cut, padded and wrapped to a width.
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

const GRAPHEMES = new Intl.Segmenter();

/** At most `width` columns; a longer text ends with "…". */
export function cutToWidth(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of GRAPHEMES.segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Spaces behind the text (before it with `"right"`), up to `width` columns. */
export function padToWidth(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "left" ? text + blanks : blanks + text;
}

/** Wraps words into lines of at most `width` columns; a longer word is broken. At least one line. */
export function wrapToWidth(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(2, width), { hard: true }).split("\n");
}

/** Wraps each line that is longer than `width` between its words, under its own indentation; longer words stay whole. */
export function wrapLines(text: string, width: number): string {
  return text
    .split("\n")
    .flatMap((line) => {
      if (stringWidth(line) <= width) return [line];
      const [indent = ""] = /^ */.exec(line) ?? [];
      const room = Math.max(2, width - indent.length);
      return wrapAnsi(line.slice(indent.length), room)
        .split("\n")
        .map((part) => indent + part);
    })
    .join("\n");
}
