// What an output can show: its width, colours or none, block characters or ASCII. Pure.
export interface TerminalLook {
  /** Columns. */
  width: number;
  colour: boolean;
  /** Its locale is UTF-8. */
  unicode: boolean;
}

/** The width of text for a file or a pipe. */
const PLAIN_WIDTH = 110;

/**
 * Colour: FORCE_COLOR decides, as in Node (`0` and `false` forbid it); without it NO_COLOR forbids, then only a terminal
 * other than `dumb` has it. An empty variable counts as unset.
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

/** How a piece of text is highlighted. */
export type Style = "bold" | "red" | "green" | "yellow";
export type Paint = (style: Style, text: string) => string;
const CODES: Record<Style, number> = { bold: 1, red: 31, green: 32, yellow: 33 };

/** Paints with ANSI codes; without colour the text stays as it is. */
export function toPaint({ colour }: Pick<TerminalLook, "colour">): Paint {
  return (style, text) => (colour && text !== "" ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}
