// Finds the slowest measured requests by E2E in one reading without keeping the others.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { isMeasured } from "../tallies/tally.ts";

/** End − sent; end − start for a request that was never sent. */
export function toLastedMs({ sentMs, startMs, endMs }: RequestLine): number {
  return endMs - (sentMs ?? startMs);
}

/** Among equally slow requests it keeps those that come first. */
export class SlowestRequests {
  readonly #most: number;
  #lines: RequestLine[] = [];
  /** A further request must exceed this. */
  #limitMs = Number.NEGATIVE_INFINITY;

  constructor(most: number) {
    this.#most = most;
  }

  add(line: RequestLine): void {
    if (!isMeasured(line) || toLastedMs(line) <= this.#limitMs) return;
    this.#lines.push(line);
    this.#lines.sort((a, b) => toLastedMs(b) - toLastedMs(a));
    if (this.#lines.length < this.#most) return;
    this.#lines = this.#lines.slice(0, this.#most);
    this.#limitMs = toLastedMs(this.#lines.at(-1) as RequestLine);
  }

  /** Slowest first. */
  toLines(): readonly RequestLine[] {
    return this.#lines;
  }
}
