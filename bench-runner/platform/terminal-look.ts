// What the place that text goes to can show: how many columns, colours or none, block characters or ASCII. Pure.

export interface TerminalLook {
  /** Columns. */
  width: number;
  colour: boolean;
  /** Its locale is UTF-8. */
  unicode: boolean;
}

/** Of text that goes into a file or a pipe. */
const PLAIN_WIDTH = 110;

/**
 * Colour: FORCE_COLOR decides, as in Node (`0` and `false` forbid it); without it NO_COLOR forbids, then only a terminal
 * that is not `dumb` has it. An empty variable is none.
 */
export function toTerminalLook(
  stream: { isTTY?: boolean; columns?: number },
  variables: Readonly<Record<string, string | undefined>>,
): TerminalLook {
  const forced = variables.FORCE_COLOR || undefined;
  const canColour = stream.isTTY === true && variables.TERM !== "dumb" && !variables.NO_COLOR;
  // The first that is set decides, as in C.
  const locale = variables.LC_ALL || variables.LC_CTYPE || variables.LANG || "";
  return {
    width: stream.columns || PLAIN_WIDTH,
    colour: forced === undefined ? canColour : forced !== "0" && forced !== "false",
    unicode: /utf-?8/i.test(locale),
  };
}

/** How a piece of text is set off from the others. */
export type Style = "bold" | "red" | "green" | "yellow";
export type Paint = (style: Style, text: string) => string;
const CODES: Record<Style, number> = { bold: 1, red: 31, green: 32, yellow: 33 };

/** Paints with ANSI codes; without colour the text stays as it is. */
export function toPaint({ colour }: Pick<TerminalLook, "colour">): Paint {
  return (style, text) => (colour && text !== "" ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}
