// One iteration of an open loop: an arrival, sent when it is due.
import sse from "k6/x/sse";
import { pickRow } from "../core/pick-row.ts";
import type { Row } from "../core/row.ts";
import { toSyntheticPrompt } from "../core/synthetic-prompt.ts";
import { createClient } from "./client.ts";
import type { Scenario } from "./scenario.ts";
import { createSend } from "./send.ts";
import type { Start } from "./start.ts";

/**
 * An arrival whose client becomes free so much later than it was due found none free: it is dropped where that is asked
 * for. Less is the client's own work between two requests.
 */
const BUSY_MS = 5;

/** The function that k6 runs once an arrival; for a scenario that was prepared as `open`. Made in the init context. */
export function createOpenIteration(scenario: Scenario): (start: Start) => void {
  const { rows, load, arrivals, open } = scenario;
  if (arrivals === undefined || open === undefined) {
    throw new Error('createOpenIteration needs `prepareScenario("open")`');
  }
  const send = createSend(scenario);
  const clientOf = createClient(scenario);
  const { enter, leave, now, drop } = sse;

  return (start) => {
    const client = clientOf();
    enter?.();
    const index = client.iteration();
    const [offsetMs, promptTokens, outputTokens] = arrivals[index] as (typeof arrivals)[0];
    const sendAt = start.ms + offsetMs;
    const phase = client.phase(index, offsetMs);
    if (open.dropsLate && (now as () => number)() - sendAt > BUSY_MS) {
      drop?.({ phase });
    } else {
      const row: Row =
        promptTokens === undefined
          ? pickRow(rows, index, load.seed)
          : { id: `trace-${index}`, prompt: toSyntheticPrompt(promptTokens, load.seed, index) };
      const length = outputTokens === undefined ? {} : { outputTokens };
      send({ row, index, phase, client: client.number, sendAt, ...length });
    }
    leave?.();
  };
}
