// Follows records.jsonl while k6 writes it: every line once, in order, without gaps.
//
// Unlike file-tail.ts, which serves a display and skips to the newest line: counters must not miss one.
import { type FileHandle, open } from "node:fs/promises";
import type { JournalLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { shortenTexts } from "../../run-folder/journal-texts.ts";

const LINE_FEED = 10;
/** The event loop runs between two chunks: a scrape never waits long, even if the reader is far behind. */
const CHUNK_BYTES = 256 * 1024;

export class JournalFollower {
  readonly #path: string;
  readonly #take: (line: JournalLine) => void;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #file: FileHandle | undefined;
  #rest = Buffer.alloc(0);
  #last: Promise<void> = Promise.resolve();

  /** @param path the file may be created later @param take gets each whole line */
  constructor(path: string, take: (line: JournalLine) => void) {
    this.#path = path;
    this.#take = take;
  }

  /** Reads what was added to the file. Calls wait for each other. */
  readOn(): Promise<void> {
    this.#last = this.#last.then(() => this.#readNew());
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Never throws: the summary reports a journal that cannot be read; a display must not fail the run. */
  async #readNew(): Promise<void> {
    try {
      this.#file ??= await open(this.#path);
      for (;;) {
        const { bytesRead } = await this.#file.read(this.#chunk, 0, CHUNK_BYTES);
        if (bytesRead === 0) return;
        this.#addBytes(this.#chunk.subarray(0, bytesRead));
      }
    } catch {
      // The file does not exist yet or cannot be read: the next call tries again.
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
      if (line === null || typeof line !== "object" || !("type" in line)) return;
      if (line.type === "request") shortenTexts(line as RequestLine);
      this.#take(line as JournalLine);
    } catch {
      // Not a line of the schema: the summary reports it.
    }
  }
}
