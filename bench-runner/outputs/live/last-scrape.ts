// Prometheus scrapes at its own pace: without a scrape after the last request it would miss the final numbers.
import { setTimeout as delay } from "node:timers/promises";

/** Prometheus sends it with every scrape; the runner waits for no other reader of /metrics. */
const SCRAPE_HEADER = "x-prometheus-scrape-timeout-seconds";
/** The longest wait at any scrape interval. */
const LONGEST_WAIT_MS = 20_000;

export class LastScrape {
  #atMs: number | undefined;
  #intervalMs: number | undefined;
  #isFinal = false;
  /** The final numbers have been scraped. */
  #hasFinal = false;
  #seen: (() => void) | undefined;

  /** @param headers of a request for /metrics @param nowMs monotonic, when its answer was made */
  note(headers: Readonly<Record<string, unknown>>, nowMs: number): void {
    if (headers[SCRAPE_HEADER] === undefined) return;
    if (this.#atMs !== undefined) this.#intervalMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    this.#hasFinal = this.#isFinal;
    if (this.#isFinal) this.#seen?.();
  }

  /** Whether the numbers are final; they change again with the next load. */
  setFinal(isFinal: boolean): void {
    this.#isFinal = isFinal;
    this.#hasFinal = false;
  }

  /** How long a scrape of the final numbers may still take: 0 if Prometheus does not scrape, or has scraped them. */
  get waitMs(): number {
    if (this.#atMs === undefined || this.#hasFinal) return 0;
    return Math.min(LONGEST_WAIT_MS, (this.#intervalMs ?? LONGEST_WAIT_MS) * 1.5 + 500);
  }

  /** Until the final numbers have been scraped, the time is up, or the user stops the run. */
  async wait(signal: AbortSignal): Promise<void> {
    const limitMs = this.waitMs;
    if (limitMs === 0 || signal.aborted) return;
    const timer = new AbortController();
    const end = () => timer.abort();
    this.#seen = end;
    signal.addEventListener("abort", end, { once: true });
    await delay(limitMs, undefined, { signal: timer.signal }).catch(() => {});
    signal.removeEventListener("abort", end);
  }
}
