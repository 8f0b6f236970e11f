// What an iteration knows of its client and of the run, asked of k6 once.
import exec from "k6/execution";
import sse from "k6/x/sse";
import { createPhases, type Phase } from "../core/plans/phases.ts";
import type { ClientSettings } from "./settings.ts";

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

/** Requests of the whole run, where k6's own options say how many: those of a plain script may come by its flags. */
function countPlanned(): number | undefined {
  const scenarios = Object.values(exec.test.options.scenarios ?? {}) as {
    iterations?: number;
    vus?: number;
    executor: string;
  }[];
  const counts = scenarios.map(({ executor, iterations, vus = 1 }) =>
    executor === "per-vu-iterations" && iterations ? iterations * vus : iterations,
  );
  return counts.some((count) => !count)
    ? undefined
    : counts.reduce<number>((sum, count) => sum + (count as number), 0);
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
    const phaseOf = createPhases(phases, extent ?? { requests: countPlanned(), seconds: undefined });
    const phase = (index: number, dueMs?: number) => phaseOf(index, dueMs ?? elapsedMs());
    return { number, iteration, elapsedMs, phase };
  };
  return () => {
    client ??= start();
    return client;
  };
}
