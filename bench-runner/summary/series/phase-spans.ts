// The start and end of each phase of a run, from the starts of its requests.
import type { TimeSeries } from "./report-data.ts";

type Phase = TimeSeries["phases"][number]["name"];
const PHASES: readonly Phase[] = ["warmup", "measure", "cooldown"];

/** Collects the first start of each phase; a request without the label is measured. */
export class PhaseStarts {
  readonly #starts = new Map<Phase, number>();

  add(phase: string | undefined, startMs: number): void {
    const name = PHASES.find((known) => known === (phase ?? "measure"));
    if (name === undefined) return;
    this.#starts.set(name, Math.min(startMs, this.#starts.get(name) ?? Number.POSITIVE_INFINITY));
  }

  /**
   * A phase begins with its first request (the first phase with the load) and ends where the next one begins, the last phase
   * with the load. In seconds since `originMs`.
   */
  toSpans(originMs: number, endMs: number): TimeSeries["phases"] {
    const there = PHASES.filter((name) => this.#starts.has(name));
    const startOf = (name: Phase) => ((this.#starts.get(name) as number) - originMs) / 1000;
    return there.map((name, index) => {
      const next = there[index + 1];
      return {
        name,
        from: startOf(name),
        to: next === undefined ? (endMs - originMs) / 1000 : startOf(next),
      };
    });
  }
}
