// Throughput over the measured window: counts token events by their arrival, not requests by their end.
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { toNumber } from "../../lib/core/request/request-metrics.ts";
import type { Verdict } from "../../lib/core/request/verdict.ts";
import type { Throughput, Window } from "./summary.ts";

/** The facts of a request that its tokens are counted by. */
export type TokenFacts = Pick<
  RequestLine,
  | "startMs"
  | "sentMs"
  | "firstTokenMs"
  | "lastTokenMs"
  | "endMs"
  | "document"
  | "tokenEvents"
  | "fields"
  | "gapsUs"
  | "tokensBySecond"
>;

/**
 * Sums over a window, from its start up to but not including its end (or including it, if the last end of a request
 * closes the window).
 *
 * An answer that is one document has no token events, and the time of each token is unknown: its tokens are spread evenly
 * from its sending to its end, and the part inside the window counts; its prompt tokens count at its end. So do all tokens
 * of a stream that showed none, such as one of hidden reasoning.
 */
export class ThroughputSums {
  readonly #window: Window;
  #completions = 0;
  #outputTokens = 0;
  /** Whole answers in the window whose tokens nobody counts. */
  #unknown = 0;
  #promptTokens = 0;
  #hasPromptTokens = false;

  constructor(window: Window) {
    this.#window = window;
  }

  add(request: TokenFacts, verdict: Verdict): void {
    if (verdict === "complete" && this.#contains(request.endMs)) this.#completions += 1;
    const usageTokens = toNumber(request.fields.completionTokens);
    if (request.document) {
      const share = this.#shareInside(request);
      this.#outputTokens += (usageTokens ?? 0) * share;
      if (usageTokens === undefined && verdict === "complete" && share > 0) this.#unknown += 1;
      this.#addPrompt(request, request.endMs);
      return;
    }
    if (request.firstTokenMs === undefined || request.tokenEvents === 0) {
      if (this.#contains(request.endMs)) this.#outputTokens += usageTokens ?? 0;
      this.#addPrompt(request, request.endMs);
      return;
    }
    const weight = usageTokens === undefined ? 1 : usageTokens / request.tokenEvents;
    this.#outputTokens += this.#countEvents(request) * weight;
    this.#addPrompt(request, request.firstTokenMs);
  }

  #addPrompt(request: TokenFacts, timeMs: number): void {
    const promptTokens = toNumber(request.fields.promptTokens);
    if (promptTokens === undefined) return;
    this.#hasPromptTokens = true;
    if (this.#contains(timeMs)) this.#promptTokens += promptTokens;
  }

  toThroughput(): Throughput {
    const { seconds } = this.#window;
    return {
      requestsPerSecond: this.#completions / seconds,
      ...(this.#unknown === 0 && { outputTokensPerSecond: this.#outputTokens / seconds }),
      ...(this.#unknown === 0 &&
        this.#hasPromptTokens && {
          totalTokensPerSecond: (this.#outputTokens + this.#promptTokens) / seconds,
        }),
    };
  }

  #contains(timeMs: number): boolean {
    const { startMs, endMs, endedBy } = this.#window;
    return timeMs >= startMs && (timeMs < endMs || (endedBy === "requests" && timeMs === endMs));
  }

  /** The share of the time from a request's sending to its end that lies in the window. */
  #shareInside({ sentMs, startMs, endMs }: TokenFacts): number {
    const fromMs = sentMs ?? startMs;
    if (endMs <= fromMs) return this.#contains(endMs) ? 1 : 0;
    const insideMs = Math.min(endMs, this.#window.endMs) - Math.max(fromMs, this.#window.startMs);
    return Math.max(0, insideMs) / (endMs - fromMs);
  }

  #countEvents(request: TokenFacts): number {
    const first = request.firstTokenMs as number;
    if (this.#contains(first) && this.#contains(request.lastTokenMs ?? first)) return request.tokenEvents;
    if (request.gapsUs === undefined) return this.#countBySecond(request.tokensBySecond ?? []);
    let timeMs = first;
    let count = this.#contains(timeMs) ? 1 : 0;
    for (const gapUs of request.gapsUs) {
      timeMs += gapUs / 1000;
      if (this.#contains(timeMs)) count += 1;
    }
    return count;
  }

  /** For answers too long for a list of gaps: the seconds in which the window begins or ends count in proportion. */
  #countBySecond(tokensBySecond: readonly [number, number][]): number {
    const { startMs, endMs } = this.#window;
    return tokensBySecond.reduce((sum, [second, count]) => {
      const insideMs = Math.min(endMs, (second + 1) * 1000) - Math.max(startMs, second * 1000);
      return sum + count * Math.min(1, Math.max(0, insideMs / 1000));
    }, 0);
  }
}
