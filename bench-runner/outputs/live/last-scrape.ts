// Prometheus reads at its own pace: without a last reading after the last request, it would never see how a run ended.
import { setTimeout as delay } from "node:timers/promises";

/** Prometheus sends it with every scrape; nobody else who looks at /metrics is waited for. */
const SCRAPE_HEADER = "x-prometheus-scrape-timeout-seconds";
/** A run does not wait longer for a reader, whatever its pace. */
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

  /** From now on the numbers change no more; until they do again. */
  setFinal(isFinal: boolean): void {
    this.#isFinal = isFinal;
    this.#hasFinal = false;
  }

  /** How long a scrape of the final numbers may still take: 0 where nobody scrapes, or it has been. */
  get waitMs(): number {
    if (this.#atMs === undefined || this.#hasFinal) return 0;
    return Math.min(LONGEST_WAIT_MS, (this.#intervalMs ?? LONGEST_WAIT_MS) * 1.5 + 500);
  }

  /** Until it has been, or the time is up, or somebody wants to stop. */
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
