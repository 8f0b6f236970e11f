// Text of servers, users and files as it may be shown: without control characters, on one line, short. Pure.
//
// Such a text could move the cursor, turn the direction of writing, begin a line of its own, or give commands to the CI system
// that reads the output.

/** What a server's text is cut to. */
export const MOST_BYTES = 1024;

/** Sequences that a terminal obeys: CSI, OSC and the other strings, and those of two characters. */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences are removed
  /[\u001b\u009b]\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-Z\\^_`-~]/g;

/** Characters that are not seen and change how others are: control characters, signs of direction, ends of lines; unpaired halves. */
const HIDDEN_SIGNS = /[\p{C}\p{Z}\s]+/gu;

const ENCODER = new TextEncoder();

/** On one line, without control characters. */
export function toPlainLine(text: string): string {
  return text.replace(ESCAPES, "").replace(HIDDEN_SIGNS, " ").trim();
}

/** The same, of at most 1 KiB: a longer text ends with "…". For what servers say of themselves and of errors. */
export function toShortLine(text: string): string {
  // Almost all are such lines already, and the names of models are sent as they are.
  if (text.length <= MOST_BYTES && !/[^ -~]/.test(text)) return text;
  // What follows cannot come into the first KiB: a server may send megabytes.
  const line = toPlainLine(text.slice(0, 64 * MOST_BYTES));
  const room = new Uint8Array(MOST_BYTES);
  if (ENCODER.encodeInto(line, room).read === line.length) return line;
  const { read } = ENCODER.encodeInto(line, room.subarray(0, MOST_BYTES - "…".length * 3));
  return `${line.slice(0, read).trimEnd()}…`;
}

/** Signs of direction, ends of lines and control characters, except for line feeds and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are replaced
const CONTROL = /[\0-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** A text of several lines without control characters. */
export function withoutControl(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(CONTROL, " ");
}

/** The colours that this program writes itself (terminal-look.ts), and what ends them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: only these sequences are kept
const OWN_COLOUR = /(\u001b\[(?:0|1|22|31|32|33|39)m)/;

/**
 * Whole output, with its lines, tabs and own colours: no other control character, and no line that a CI system takes for its
 * command (`::error::`, `##[error]`, `##vso[…]`).
 */
export function toHarmlessText(text: string): string {
  const plain = text
    .split(OWN_COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : withoutControl(part)))
    .join("");
  // GitHub looks for `##[` anywhere in a line, and for `::` behind blanks.
  return plain.replace(/##(?=\w*\[)/g, "## ").replace(COMMAND, "$1: :");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour may stand before the text
const COMMAND = /^((?:\s|\u001b\[\d+m)*)::/gm;
