// Streams the values of a file of JSON lines.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { UserError } from "../user-error.ts";

/**
 * The value of each line that is not blank, in order.
 * @throws UserError for a line that is no JSON: names its row, counted from 1 without blank lines
 */
export async function* readJsonLines(path: string): AsyncGenerator<unknown> {
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const text = line.replace(/^\uFEFF/, "").trim();
    if (text === "") continue;
    number++;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new UserError(
        `Dataset ${path}: row ${number} is malformed or cut off, it is not valid JSON. Fetch it again, or repair it.`,
      );
    }
    yield value;
  }
}
