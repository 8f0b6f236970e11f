// Streams the lines of a file: JSON values, or prompts as they are; with one line in memory at a time.
import { UserError } from "../../platform/user-error.ts";
import { CutOffError } from "./cut-off-error.ts";
import { readText } from "./utf8-text.ts";

/** Far above any prompt, and below the limit of a JavaScript string. */
const MOST_LINE_CHARACTERS = 64 * 1024 * 1024;

/**
 * The lines that are not blank, without their ends (LF or CRLF).
 * @throws UserError for a line that is not UTF-8 or longer than 64 million characters; names it
 */
async function* readLines(path: string): AsyncGenerator<{ text: string; hasEnd: boolean }> {
  let pieces: string[] = [];
  let length = 0;
  let line = 0;
  for await (const text of readText(path)) {
    const [first = "", ...others] = text.split("\n");
    pieces.push(first);
    length += first.length;
    for (const next of others) {
      line++;
      const whole = pieces.join("").trim();
      if (whole !== "") yield { text: whole, hasEnd: true };
      pieces = [next];
      length = next.length;
    }
    if (length > MOST_LINE_CHARACTERS) {
      throw new UserError(
        `Dataset ${path}: line ${line + 1} is longer than 64 million characters. Expected one row a line: cut it, or remove it.`,
      );
    }
  }
  const last = pieces.join("").trim();
  if (last !== "") yield { text: last, hasEnd: false };
}

/**
 * The value of each line that is not blank, in order.
 * @throws UserError for a line that is not JSON, a CutOffError if it is the last and has no end; names its row, counted
 *   from 1 without blank lines
 */
export async function* readJsonLines(path: string): AsyncGenerator<unknown> {
  let number = 0;
  for await (const { text, hasEnd } of readLines(path)) {
    number++;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const what = `: row ${number} is malformed or cut off, it is not valid JSON`;
      if (!hasEnd) throw new CutOffError(path, what);
      throw new UserError(`Dataset ${path}${what}. Fetch it again, or repair it.`);
    }
    yield value;
  }
}

/** Each line that is not blank as the column `text`. @throws UserError as readText does */
export async function* readTextLines(path: string): AsyncGenerator<{ text: string }> {
  for await (const { text } of readLines(path)) yield { text };
}
