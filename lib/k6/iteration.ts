// One iteration of a plain closed loop: a request, then a pause.
import { sleep } from "k6";
import sse from "k6/x/sse";
import { pickRow } from "../core/pick-row.ts";
import { createClient } from "./client.ts";
import { createExchange } from "./exchange.ts";
import { isOut } from "./rows.ts";
import type { Scenario } from "./scenario.ts";

/** The function that k6 runs again and again. Made in the init context. */
export function createIteration(scenario: Scenario): () => void {
  const { rows, load } = scenario;
  const exchange = createExchange(scenario);
  const clientOf = createClient(scenario);
  const { enter, leave } = sse;
  const pause = sleep;
  return () => {
    const client = clientOf();
    const index = client.iteration();
    if (isOut(scenario, index)) return pause(1);
    enter?.();
    exchange({ row: pickRow(rows, index, load), index, phase: client.phase(index), client });
    leave?.();
    pause(load.sleep);
  };
}
