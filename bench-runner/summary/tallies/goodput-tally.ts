// Counts the requests that met the service level objectives of a run, all of them and each one.

import { judgeGood } from "../../../lib/core/goals/judge-ends.ts";
import type { Slo } from "../../../lib/core/goals/slo.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import type { RequestMetrics } from "../../../lib/core/request/request-metrics.ts";
import type { Goodput } from "../summary.ts";

/** Sums over the measured requests. */
export class GoodputTally {
  readonly #slos: readonly Slo[];
  readonly #counts: { met: number; missed: number; uncertain: number; unjudged: number }[];
  #met = 0;
  #missed = 0;
  #uncertain = 0;

  constructor(slos: readonly Slo[]) {
    this.#slos = slos;
    this.#counts = slos.map(() => ({ met: 0, missed: 0, uncertain: 0, unjudged: 0 }));
  }

  add(line: RequestLine, metrics: Pick<RequestMetrics, "verdict" | "tpotMs">): void {
    if (this.#slos.length === 0) return;
    const { slos, good } = judgeGood(this.#slos, line, metrics);
    if (good === undefined) return;
    if (good === "uncertain") this.#uncertain += 1;
    else if (good) this.#met += 1;
    else this.#missed += 1;
    slos.forEach((outcome, index) => {
      const counts = this.#counts[index];
      if (counts) counts[outcome] += 1;
    });
  }

  /**
   * Undefined without objectives, or if there is nothing to judge.
   * @param neverSent arrivals that were due and never sent; they count as missed
   * @param isOpen whether times count from the moment a request was due
   */
  toGoodput(neverSent: number, isOpen: boolean, seconds: number | undefined): Goodput | undefined {
    const judged = this.#met + this.#missed + this.#uncertain + neverSent;
    if (this.#slos.length === 0 || judged === 0) return undefined;
    return {
      slos: this.#slos.map(({ metric, limitMs }, index) => {
        const { met = 0, missed = 0, uncertain = 0, unjudged = 0 } = this.#counts[index] ?? {};
        return {
          metric,
          limitMs,
          ...(metric !== "tpot" && { from: isOpen ? ("scheduled" as const) : ("sent" as const) }),
          met,
          missed,
          ...(uncertain > 0 && { uncertain }),
          ...(unjudged > 0 && { unjudged }),
        };
      }),
      met: this.#met,
      missed: this.#missed,
      ...(this.#uncertain > 0 && { uncertain: this.#uncertain }),
      neverSent,
      share: this.#met / judged,
      ...(seconds !== undefined && { perSecond: this.#met / seconds }),
    };
  }
}
