// Throughput over the measured window: token events by the moment they arrived, not requests by the moment they ended.
import type { RequestLine } from "../lib/core/facts.ts";
import { toNumber } from "../lib/core/request-metrics.ts";
import { toVerdict } from "../lib/core/verdict.ts";
import type { Throughput, Window } from "./summary.ts";

/**
 * Sums what fell into a window, from its start up to but not including its end (or including it, where the last end
 * of a request closes the window).
 *
 * An answer that is one document has no token events. When each of its tokens was made is not known: they are spread
 * evenly from its being sent to its end, and the part inside the window counts; its prompt tokens count at its end.
 */
export class ThroughputSums {
  readonly #window: Window;
  #completions = 0;
  #outputTokens = 0;
  #promptTokens = 0;
  #hasPromptTokens = false;

  constructor(window: Window) {
    this.#window = window;
  }

  add(line: RequestLine): void {
    if (this.#contains(line.endMs) && toVerdict(line) === "complete") this.#completions += 1;
    const usageTokens = toNumber(line.fields.completionTokens);
    if (line.document) {
      this.#outputTokens += (usageTokens ?? 0) * this.#shareInside(line);
      this.#addPrompt(line, line.endMs);
      return;
    }
    if (line.firstTokenMs === undefined || line.tokenEvents === 0) return;
    const weight = usageTokens === undefined ? 1 : usageTokens / line.tokenEvents;
    this.#outputTokens += this.#countEvents(line) * weight;
    this.#addPrompt(line, line.firstTokenMs);
  }

  #addPrompt(line: RequestLine, timeMs: number): void {
    const promptTokens = toNumber(line.fields.promptTokens);
    if (promptTokens === undefined) return;
    this.#hasPromptTokens = true;
    if (this.#contains(timeMs)) this.#promptTokens += promptTokens;
  }

  toThroughput(): Throughput {
    const { seconds } = this.#window;
    return {
      requestsPerSecond: this.#completions / seconds,
      outputTokensPerSecond: this.#outputTokens / seconds,
      ...(this.#hasPromptTokens && {
        totalTokensPerSecond: (this.#outputTokens + this.#promptTokens) / seconds,
      }),
    };
  }

  #contains(timeMs: number): boolean {
    const { startMs, endMs, endedBy } = this.#window;
    return timeMs >= startMs && (timeMs < endMs || (endedBy === "requests" && timeMs === endMs));
  }

  /** Which part of the time from a request's being sent to its end lies in the window. */
  #shareInside({ sentMs, startMs, endMs }: RequestLine): number {
    const fromMs = sentMs ?? startMs;
    if (endMs <= fromMs) return this.#contains(endMs) ? 1 : 0;
    const insideMs = Math.min(endMs, this.#window.endMs) - Math.max(fromMs, this.#window.startMs);
    return Math.max(0, insideMs) / (endMs - fromMs);
  }

  #countEvents(line: RequestLine): number {
    const first = line.firstTokenMs as number;
    if (this.#contains(first) && this.#contains(line.lastTokenMs ?? first)) return line.tokenEvents;
    if (line.gapsUs === undefined) return this.#countBySecond(line.tokensBySecond ?? []);
    let timeMs = first;
    let count = this.#contains(timeMs) ? 1 : 0;
    for (const gapUs of line.gapsUs) {
      timeMs += gapUs / 1000;
      if (this.#contains(timeMs)) count += 1;
    }
    return count;
  }

  /** Answers too long for a list of gaps: the second in which the window begins or ends counts in proportion. */
  #countBySecond(tokensBySecond: readonly [number, number][]): number {
    const { startMs, endMs } = this.#window;
    return tokensBySecond.reduce((sum, [second, count]) => {
      const insideMs = Math.min(endMs, (second + 1) * 1000) - Math.max(startMs, second * 1000);
      return sum + count * Math.min(1, Math.max(0, insideMs / 1000));
    }, 0);
  }
}
