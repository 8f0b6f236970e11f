// Follows records.jsonl while k6 writes it: every line once, in order, none skipped.
//
// file-tail.ts is for a display, which wants the newest and leaves out the rest; counters must not miss a line.
import { type FileHandle, open } from "node:fs/promises";
import type { JournalLine } from "../../../lib/core/request/facts.ts";

const LINE_FEED = 10;
/** Between two chunks the event loop does something else: a scrape never waits long, however much there is to catch up. */
const CHUNK_BYTES = 256 * 1024;

export class JournalFollower {
  readonly #path: string;
  readonly #take: (line: JournalLine) => void;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #file: FileHandle | undefined;
  #rest = Buffer.alloc(0);
  #last: Promise<void> = Promise.resolve();

  /** @param path may come into being later @param take gets each whole line */
  constructor(path: string, take: (line: JournalLine) => void) {
    this.#path = path;
    this.#take = take;
  }

  /** Reads what the file has by now. Calls wait for each other; the work is in proportion to what is new. */
  readOn(): Promise<void> {
    this.#last = this.#last.then(() => this.#readNew());
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Never throws: a journal that cannot be read is the summary's affair, not that of a display beside the run. */
  async #readNew(): Promise<void> {
    try {
      this.#file ??= await open(this.#path);
      for (;;) {
        const { bytesRead } = await this.#file.read(this.#chunk, 0, CHUNK_BYTES);
        if (bytesRead === 0) return;
        this.#addBytes(this.#chunk.subarray(0, bytesRead));
      }
    } catch {
      // Not there yet, or gone with its disk: the next call tries again.
    }
  }

  #addBytes(bytes: Buffer): void {
    const lastBreak = bytes.lastIndexOf(LINE_FEED);
    if (lastBreak < 0) {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      return;
    }
    const whole = Buffer.concat([this.#rest, bytes.subarray(0, lastBreak)]).toString("utf8");
    this.#rest = Buffer.from(bytes.subarray(lastBreak + 1));
    for (const text of whole.split("\n")) this.#addLine(text);
  }

  #addLine(text: string): void {
    try {
      const line: unknown = JSON.parse(text);
      if (line !== null && typeof line === "object" && "type" in line) this.#take(line as JournalLine);
    } catch {
      // A line that is not the schema's: the summary names it.
    }
  }
}
