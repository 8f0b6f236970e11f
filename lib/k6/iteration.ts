// One iteration of a plain closed loop: a request, then a pause.
import { sleep } from "k6";
import sse from "k6/x/sse";
import { pickRow } from "../core/prompts/pick-row.ts";
import { loadPart } from "./parts.ts";
import { isOut } from "./prepare/rows.ts";
import { createClient } from "./request/client.ts";
import { createExchange } from "./request/exchange.ts";
import { createPairing } from "./request/pairing.ts";
import type { Scenario } from "./scenario.ts";

/** The function that k6 runs again and again. Made in the init context. */
export function createIteration(scenario: Scenario): () => void | Promise<void> {
  if (scenario.bodyPart === "body-ppl") return loadPart("ppl").createPplIteration(scenario);
  const { rows, load } = scenario;
  const exchange = createExchange(scenario);
  const clientOf = createClient(scenario);
  const placeOf = createPairing(scenario);
  const { enter, leave } = sse;
  const pause = sleep;
  return () => {
    const client = clientOf();
    const index = client.iteration();
    const { index: at, to } = placeOf(index);
    if (isOut(scenario, at)) return pause(1);
    enter?.();
    exchange({ row: pickRow(rows, at, load), index: at, phase: client.phase(index), client, to });
    leave?.();
    pause(load.sleep);
  };
}
