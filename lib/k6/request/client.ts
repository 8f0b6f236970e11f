// What an iteration knows of its client and of the run, asked of k6 once.
import exec from "k6/execution";
import sse from "k6/x/sse";
import { countIterations, type K6Scenario } from "../../core/plans/count-iterations.ts";
import { createPhases, type Extent, type Phase, type PhaseOptions } from "../../core/plans/phases.ts";
import type { ClientSettings } from "../prepare/settings.ts";

export interface Client {
  /** From 1, over all processes of a run. */
  number: number;
  /** Number of the iteration over the whole run, from 0. */
  iteration(): number;
  /** Milliseconds since the run began. */
  elapsedMs(): number;
  /** The phase of a request that starts now, or is due so many milliseconds after the start. */
  phase(index: number, dueMs?: number): Phase;
}

/** Of a plain script, whose load may come by k6's flags: what k6 has made of them. Its time is not known to the second. */
function toExtent({ cooldownRequests, cooldownTime }: PhaseOptions): Extent {
  const requests = countIterations((exec.test.options.scenarios ?? {}) as Record<string, K6Scenario>);
  if (cooldownTime || (cooldownRequests && requests === undefined)) {
    exec.test.abort(
      "A cool-down counts back from the end: use SERVER_BENCH_COOLDOWN_REQUESTS with --iterations, or a scenario with a planned end (closed, open).",
    );
  }
  return { requests, seconds: undefined };
}

/**
 * For the init context. The function that it returns is for iterations: at a client's first one it opens the connection,
 * where that is asked for, and waits for the other clients.
 */
export function createClient({ phases, extent, warmUrl }: ClientSettings): () => Client {
  let client: Client | undefined;
  const start = (): Client => {
    // What is looked up in a module of k6 is made anew each time: 5 µs and a kilobyte or two.
    const { scenario, instance } = exec;
    if (warmUrl !== undefined) sse.connect?.(warmUrl, instance.vusInitialized);
    const number = exec.vu.idInTest;
    const iteration = () => scenario.iterationInTest;
    const elapsedMs = () => instance.currentTestRunDuration;
    if (phases === undefined) return { number, iteration, elapsedMs, phase: () => "measure" };
    const phaseOf = createPhases(phases, extent ?? toExtent(phases));
    const phase = (index: number, dueMs?: number) => phaseOf(index, dueMs ?? elapsedMs());
    return { number, iteration, elapsedMs, phase };
  };
  return () => {
    client ??= start();
    return client;
  };
}
