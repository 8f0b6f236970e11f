// Progress of a transfer on stderr: on a terminal one line that is rewritten, otherwise a line every 10 s.
import type { WriteStream } from "node:tty";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import { toClock } from "../../platform/clock-text.ts";

const BAR_WIDTH = 24;
const PACE_WINDOW_MS = 5_000;
const REDRAW_MS = 250;
const QUIET_PERIOD_MS = 10_000;

export interface TransferFacts {
  doneBytes: number;
  /** Absent if the server does not report it. */
  totalBytes?: number;
  /** Over the last seconds; absent in the first. */
  bytesPerSecond?: number;
}

/**
 * "█████░░░ 42 % · 281.4 MB of 670.0 MB · 12.3 MB/s · 0:32 left". Pure.
 * @param width a line that would be longer has no bar
 */
export function toProgressLine(
  { doneBytes, totalBytes, bytesPerSecond }: TransferFacts,
  width: number = Number.POSITIVE_INFINITY,
): string {
  const done = formatValue(doneBytes, "bytes");
  const pace = bytesPerSecond === undefined ? [] : [`${formatValue(bytesPerSecond, "bytes")}/s`];
  if (totalBytes === undefined || totalBytes === 0) return [done, ...pace].join(" · ");
  // Rounded down: 100 % means complete.
  const percent = Math.floor((100 * Math.min(doneBytes, totalBytes)) / totalBytes);
  const filled = Math.floor((percent * BAR_WIDTH) / 100);
  const left = bytesPerSecond ? [`${toClock(((totalBytes - doneBytes) / bytesPerSecond) * 1000)} left`] : [];
  const line = [
    `${formatNumber(percent, "count")} %`,
    `${done} of ${formatValue(totalBytes, "bytes")}`,
    ...pace,
    ...left,
  ].join(" · ");
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} `;
  return bar.length + line.length <= width ? bar + line : line;
}

export interface ProgressOptions {
  output: Pick<WriteStream, "write"> & { isTTY?: boolean; columns?: number };
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

/** Shows one transfer after the other; between `stop` and `begin` nothing is shown. */
export class TransferProgress {
  readonly #output: ProgressOptions["output"];
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #doneBytes = 0;
  #totalBytes: number | undefined;
  #recent: { atMs: number; bytes: number }[] = [];
  #shown = false;

  constructor({ output, now = () => performance.now() }: ProgressOptions) {
    this.#output = output;
    this.#now = now;
  }

  begin(doneBytes: number, totalBytes: number | undefined): void {
    this.stop();
    this.#doneBytes = doneBytes;
    this.#totalBytes = totalBytes;
    this.#recent = [{ atMs: this.#now(), bytes: doneBytes }];
    this.#timer = setInterval(() => this.#show(), this.#output.isTTY === true ? REDRAW_MS : QUIET_PERIOD_MS);
  }

  advance(bytes: number): void {
    this.#doneBytes += bytes;
  }

  /** Leaves the cursor at the beginning of an empty line. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#output.write("\r\x1b[2K");
    this.#shown = false;
  }

  #show(): void {
    const facts = this.#toFacts();
    if (this.#output.isTTY !== true) {
      this.#output.write(`${toProgressLine(facts)}\n`);
      return;
    }
    // A line that wraps could not be rewritten. Some terminals report 0 columns if they do not know their width.
    const width = Math.max(20, (this.#output.columns || 80) - 1);
    this.#output.write(`\r\x1b[2K${toProgressLine(facts, width).slice(0, width)}`);
    this.#shown = true;
  }

  #toFacts(): TransferFacts {
    const atMs = this.#now();
    this.#recent.push({ atMs, bytes: this.#doneBytes });
    // The oldest is from before the window, so that the pace covers at least the window's length.
    while ((this.#recent[1]?.atMs ?? atMs) < atMs - PACE_WINDOW_MS) this.#recent.shift();
    const oldest = this.#recent[0];
    const pace =
      oldest === undefined || oldest.atMs >= atMs
        ? undefined
        : ((this.#doneBytes - oldest.bytes) * 1000) / (atMs - oldest.atMs);
    return {
      doneBytes: this.#doneBytes,
      ...(this.#totalBytes !== undefined && { totalBytes: this.#totalBytes }),
      ...(pace !== undefined && { bytesPerSecond: pace }),
    };
  }
}
