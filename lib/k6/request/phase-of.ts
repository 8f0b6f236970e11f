// The phase of each request of a run with a warm-up or a cool-down.
import exec from "k6/execution";
import { countIterations, type K6Scenario } from "../../core/plans/count-iterations.ts";
import { createPhases, type Extent, type Phase, type PhaseOptions } from "../../core/plans/phases.ts";

/** The extent of a plain script, whose load may be set by k6's flags. How long it takes is not known in advance. */
function toExtent({ cooldownRequests, cooldownTime }: PhaseOptions): Extent {
  const requests = countIterations((exec.test.options.scenarios ?? {}) as Record<string, K6Scenario>);
  if (cooldownTime || (cooldownRequests && requests === undefined)) {
    exec.test.abort(
      "A cool-down counts back from the end: use SERVER_BENCH_COOLDOWN_REQUESTS with --iterations, or a scenario with a planned end (closed, open).",
    );
  }
  return { requests, seconds: undefined };
}

/** For iterations. @returns see createPhases */
export function createPhaseOf(
  phases: PhaseOptions,
  extent: Extent | undefined,
): (index: number, elapsedMs: number) => Phase {
  return createPhases(phases, extent ?? toExtent(phases));
}
