// What an iteration knows about its client and the run, read from k6 once.
import exec from "k6/execution";
import sse from "k6/x/sse";
import type { Phase } from "../../core/plans/phases.ts";
import { loadPart } from "../parts.ts";
import type { ClientSettings } from "./client-settings.ts";

export interface Client {
  /** From 1, counted over all k6 processes of a run. */
  number: number;
  /** Number of the iteration over the whole run, from 0. */
  iteration(): number;
  /** Milliseconds since the run began. */
  elapsedMs(): number;
  /** The phase of a request that starts now, or is due this many milliseconds after the start. */
  phase(index: number, dueMs?: number): Phase;
}

/**
 * For the init context. The returned function is for iterations: in a client's first one it opens the connection, if the
 * user asks for that, and waits for the other clients.
 */
export function createClient({ phases, extent, warmUrl }: ClientSettings): () => Client {
  const createPhaseOf = phases && loadPart("phases").createPhaseOf;
  let client: Client | undefined;
  const start = (): Client => {
    // k6 creates the members of its modules at every access, which takes 5 µs and a kilobyte or two.
    const { scenario, instance } = exec;
    if (warmUrl !== undefined) sse.connect?.(warmUrl, instance.vusInitialized);
    const elapsedMs = () => instance.currentTestRunDuration;
    const phaseOf = phases && createPhaseOf?.(phases, extent);
    return {
      number: exec.vu.idInTest,
      iteration: () => scenario.iterationInTest,
      elapsedMs,
      phase: (index, dueMs) => (phaseOf ? phaseOf(index, dueMs ?? elapsedMs()) : "measure"),
    };
  };
  return () => {
    client ??= start();
    return client;
  };
}
