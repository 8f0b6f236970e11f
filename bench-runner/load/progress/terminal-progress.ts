// The live display: follows the journal's progress lines and shows k6's messages.
//
// A line that rewrites itself on a terminal, otherwise a line every 10 s. Both on stderr: stdout is for the summary.
import type { WriteStream } from "node:tty";
import type { ProgressLine } from "../../../lib/core/request/facts.ts";
import { FileTail } from "../../platform/file-tail.ts";
import { toHarmlessText } from "../../platform/plain-text.ts";
import { wrapLines } from "../../platform/terminal-text.ts";
import { toK6Message } from "../k6-log.ts";
import { type LiveFacts, toLiveLine } from "./progress-line.ts";

const PACE_WINDOW_MS = 5_000;
const QUIET_PERIOD_MS = 10_000;
/** A k6 message repeated for every request must not push the rest off the screen. */
const MAX_K6_LINES = 20;

export interface LiveOptions {
  journalPath: string;
  k6LogPath: string;
  totalMs: number;
  /** Requests of the whole run; absent if unknown. */
  expected?: number;
  /** Only k6's messages, no progress. */
  quiet: boolean;
  output: Pick<WriteStream, "write"> & { isTTY?: boolean; columns?: number };
  /** A text without the secrets that are known: k6 may repeat a key. */
  hidden: (text: string) => string;
}

/** The newest of the journal's progress lines, and the pace over the last seconds of them. */
export class ProgressReader {
  readonly #journal: FileTail;
  #recent: ProgressLine[] = [];

  constructor(journalPath: string) {
    this.#journal = new FileTail(journalPath);
  }

  /** Reads what was added since the last call. */
  read(): ProgressLine | undefined {
    for (const line of this.#journal.readNewLines()) {
      if (!line.slice(0, 200).includes('"progress"')) continue;
      try {
        const progress = JSON.parse(line) as ProgressLine;
        if (progress.type === "progress") this.#recent.push(progress);
      } catch {
        // A line cut off by a full disk: the summary reports it.
      }
    }
    const newest = this.#recent.at(-1);
    if (newest === undefined) return undefined;
    this.#recent = this.#recent.filter(({ tMs }) => tMs >= newest.tMs - PACE_WINDOW_MS);
    return newest;
  }

  tokensPerSecond(): number | undefined {
    const [oldest, newest] = [this.#recent[0], this.#recent.at(-1)];
    if (oldest === undefined || newest === undefined || newest.tMs <= oldest.tMs) return undefined;
    // Without streaming, no token can be counted before the end of its answer.
    if (newest.tokens === 0) return undefined;
    return ((newest.tokens - oldest.tokens) * 1000) / (newest.tMs - oldest.tMs);
  }
}

/** Shows progress until it is stopped; `stop` leaves the cursor on a fresh line. */
export class LiveDisplay {
  readonly #options: LiveOptions;
  readonly #progress: ProgressReader;
  readonly #k6Log: FileTail;
  readonly #startedMs = performance.now();
  readonly #said = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #lastPlainMs = performance.now();
  #shown = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#progress = new ProgressReader(options.journalPath);
    this.#k6Log = new FileTail(options.k6LogPath);
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  /** Prints a sentence above the live line. */
  say(text: string): void {
    this.#clear();
    const { output, hidden } = this.#options;
    const plain = toHarmlessText(hidden(text));
    output.write(`${output.isTTY && output.columns ? wrapLines(plain, output.columns) : plain}\n`);
  }

  /** The newest progress line. */
  get progress(): ProgressLine | undefined {
    return this.#progress.read();
  }

  /** A message of k6 was shown. */
  get hasSpoken(): boolean {
    return this.#said.size > 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#sayK6Messages();
  }

  #clear(): void {
    if (this.#shown) this.#options.output.write("\r\x1b[2K");
    this.#shown = false;
  }

  #sayK6Messages(): void {
    for (const line of this.#k6Log.readNewLines()) {
      const message = toK6Message(line);
      if (message === undefined || this.#said.has(message) || this.#said.size > MAX_K6_LINES) continue;
      this.#said.add(message);
      this.say(
        this.#said.size > MAX_K6_LINES ? `k6: … more in ${this.#options.k6LogPath}` : `k6: ${message}`,
      );
    }
  }

  #toFacts(): LiveFacts {
    const progress = this.#progress.read();
    const pace = this.#progress.tokensPerSecond();
    return {
      elapsedMs: performance.now() - this.#startedMs,
      totalMs: this.#options.totalMs,
      done: progress?.done ?? 0,
      ...(this.#options.expected !== undefined && { expected: this.#options.expected }),
      inFlight: progress?.inFlight ?? 0,
      failed: progress?.failed ?? 0,
      ...(pace !== undefined && { tokensPerSecond: pace }),
      ...(progress !== undefined &&
        progress.firstTokens > 0 && { ttftMeanMs: progress.firstTokenWaitMs / progress.firstTokens }),
    };
  }

  #tick(): void {
    this.#sayK6Messages();
    const { output, quiet } = this.#options;
    if (quiet) return;
    if (output.isTTY === true) {
      // A line that wraps could not be rewritten.
      const line = toLiveLine(this.#toFacts()).slice(0, Math.max(20, (output.columns ?? 80) - 1));
      output.write(`\r\x1b[2K${line}`);
      this.#shown = true;
    } else if (performance.now() - this.#lastPlainMs >= QUIET_PERIOD_MS) {
      this.#lastPlainMs += QUIET_PERIOD_MS;
      output.write(`${toLiveLine(this.#toFacts())}\n`);
    }
  }
}
