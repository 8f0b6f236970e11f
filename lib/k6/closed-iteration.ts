// One iteration of a closed loop with a ramp: each client has a start, perhaps an end, and its own sequence of prompts.
import { sleep } from "k6";
import sse from "k6/x/sse";
import { rampDelayMs } from "../core/plans/ramp.ts";
import { pickClientRow, pickRow } from "../core/prompts/pick-row.ts";
import { isOut } from "./prepare/rows.ts";
import { createClient } from "./request/client.ts";
import { createExchange } from "./request/exchange.ts";
import { createPairing } from "./request/pairing.ts";
import type { Scenario } from "./scenario.ts";

/** The function that k6 runs again and again; for a scenario that was prepared as `closed`. Made in the init context. */
export function createClosedIteration(scenario: Scenario): () => void {
  const { rows, load, closed } = scenario;
  if (closed === undefined) throw new Error('createClosedIteration needs `prepareScenario("closed")`');
  const { clients, rampSeconds, rampShape, clientSeconds, seconds } = closed;
  const exchange = createExchange(scenario);
  const clientOf = createClient(scenario);
  const placeOf = createPairing(scenario);
  const { enter, leave } = sse;
  const pause = sleep;
  let count = 0;
  let endMs = Number.POSITIVE_INFINITY;

  return () => {
    const client = clientOf();
    if (count === 0) {
      pause(rampDelayMs(client.number - 1, clients, rampSeconds, rampShape) / 1000);
      if (clientSeconds !== undefined) endMs = client.elapsedMs() + clientSeconds * 1000;
    }
    if (client.elapsedMs() >= endMs) {
      // A client that has come to its end waits for that of the run: k6 would else begin its next iteration at once.
      pause(Math.max(seconds - client.elapsedMs() / 1000, 0) + 1);
      return;
    }
    const index = client.iteration();
    const { index: at, to } = placeOf(index);
    if (isOut(scenario, at)) return pause(1);
    enter?.();
    // One sequence for all where every prompt is sent once, or twice: whose turn it is then does not matter.
    const row =
      load.whenOut === "end" || to !== undefined
        ? pickRow(rows, at, load)
        : pickClientRow(rows, client.number - 1, count, load.seed);
    count++;
    exchange({ row, index: at, phase: client.phase(index), client, to });
    leave?.();
    pause(load.sleep);
  };
}
