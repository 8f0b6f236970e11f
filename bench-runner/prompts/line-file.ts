// A file of JSON lines with random access: its bytes, and where each line begins.
import { readFileSync } from "node:fs";
import { systemReason, UserError } from "../platform/user-error.ts";

const NEWLINE = 10;

export class LineFile {
  readonly #bytes: Buffer;
  /** Where each line begins, and the end of the file. */
  readonly #starts: number[] = [];

  /** @throws UserError when the file cannot be read */
  constructor(path: string) {
    try {
      this.#bytes = readFileSync(path);
    } catch (error) {
      throw new UserError(`${path} cannot be read: ${systemReason(error)}. Start the run again.`);
    }
    for (let at = 0; at < this.#bytes.length; ) {
      this.#starts.push(at);
      const newline = this.#bytes.indexOf(NEWLINE, at);
      at = newline < 0 ? this.#bytes.length : newline + 1;
    }
  }

  get length(): number {
    return this.#starts.length;
  }

  /** The value of a line, from 0. */
  read(index: number): unknown {
    const start = this.#starts[index];
    const end = this.#starts[index + 1] ?? this.#bytes.length;
    return JSON.parse(this.#bytes.toString("utf8", start, end));
  }
}
