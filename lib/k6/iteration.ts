// One iteration of a plain closed loop: a request, then a pause.
import { sleep } from "k6";
import sse from "k6/x/sse";
import { pickRow } from "../core/pick-row.ts";
import { createClient } from "./client.ts";
import type { Scenario } from "./scenario.ts";
import { createSend } from "./send.ts";

/** The function that k6 runs again and again. Made in the init context. */
export function createIteration(scenario: Scenario): () => void {
  const { rows, load } = scenario;
  const send = createSend(scenario);
  const clientOf = createClient(scenario);
  const { enter, leave } = sse;
  const pause = sleep;
  return () => {
    const client = clientOf();
    enter?.();
    const index = client.iteration();
    send({ row: pickRow(rows, index, load.seed), index, phase: client.phase(index), client: client.number });
    leave?.();
    pause(load.sleep);
  };
}
