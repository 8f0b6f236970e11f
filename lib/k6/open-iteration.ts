// One iteration of an open loop: an arrival, sent when it is due.
import sse from "k6/x/sse";
import { pickRow } from "../core/prompts/pick-row.ts";
import { isOut } from "./prepare/rows.ts";
import type { Start } from "./prepare/start.ts";
import { createClient } from "./request/client.ts";
import { createExchange } from "./request/exchange.ts";
import { createPairing } from "./request/pairing.ts";
import type { Scenario } from "./scenario.ts";

/**
 * An arrival whose client becomes free so much later than it was due found none free: it is dropped where that is asked
 * for. Less is the client's own work between two requests.
 */
const BUSY_MS = 5;

/** The function that k6 runs once an arrival; for a scenario that was prepared as `open`. Made in the init context. */
export function createOpenIteration(scenario: Scenario): (start: Start) => void {
  const { rows, load, arrivals, open, slos, samples } = scenario;
  if (arrivals === undefined || open === undefined) {
    throw new Error('createOpenIteration needs `prepareScenario("open")`');
  }
  const exchange = createExchange(scenario);
  const clientOf = createClient(scenario);
  const placeOf = createPairing(scenario);
  const { enter, leave, now, drop, samples: push } = sse;

  return (start) => {
    const client = clientOf();
    const index = client.iteration();
    const { index: at, to } = placeOf(index);
    if (isOut(scenario, at)) return;
    enter?.();
    const offsetMs = arrivals[index] as number;
    const sendAt = start.ms + offsetMs;
    const phase = client.phase(index, offsetMs);
    if (open.dropsLate && (now as () => number)() - sendAt > BUSY_MS) {
      drop?.({ phase });
      // Whoever was never served missed every objective.
      if (slos)
        push?.(
          samples.map((key) => (key === "good" ? false : undefined)),
          { phase },
        );
    } else {
      exchange({ row: pickRow(rows, at, load), index: at, phase, client, sendAt, to });
    }
    leave?.();
  };
}
