// The end of a file that another process is writing: its new lines since the last call, and its last lines.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const MAX_READ_BYTES = 1 << 20;

function readRange(file: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, from));
}

/** Follows a file. If more than 1 MiB arrived since the last call, the older part is skipped. */
export class FileTail {
  readonly #path: string;
  #position = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** The whole lines written since the last call; none while the file does not exist. */
  readNewLines(): string[] {
    let file: number;
    try {
      file = openSync(this.#path, "r");
    } catch {
      return [];
    }
    try {
      const { size } = fstatSync(file);
      let isCut = false;
      if (size - this.#position > MAX_READ_BYTES) {
        this.#position = size - MAX_READ_BYTES;
        this.#rest = Buffer.alloc(0);
        isCut = true;
      }
      const bytes = readRange(file, this.#position, size - this.#position);
      this.#position += bytes.length;
      const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
      const lastBreak = all.lastIndexOf(10);
      this.#rest = Buffer.from(all.subarray(lastBreak + 1));
      if (lastBreak < 0) return [];
      const lines = all.subarray(0, lastBreak).toString("utf8").split("\n");
      return isCut ? lines.slice(1) : lines;
    } finally {
      closeSync(file);
    }
  }
}

/** The last `count` lines of a file that are not blank; none when it cannot be read. */
export function readLastLines(path: string, count: number): string[] {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - (1 << 16));
    const lines = readRange(file, from, size - from)
      .toString("utf8")
      .split(/\r?\n/);
    return lines.filter((line) => line.trim() !== "").slice(-count);
  } finally {
    closeSync(file);
  }
}
