// The iterations of a scenario: one loop for all shapes of load, which differ in when a request is sent.
import { sleep } from "k6";
import sse from "k6/x/sse";
import type { ClosedPlan } from "../core/plans/closed.ts";
import type { Phase } from "../core/plans/phases.ts";
import { rampDelayMs } from "../core/plans/ramp.ts";
import { pickClientRow, pickRow } from "../core/prompts/pick-row.ts";
import type { Row } from "../core/prompts/row.ts";
import { loadPart } from "./parts.ts";
import { isOut } from "./prepare/rows.ts";
import type { Start } from "./prepare/start.ts";
import { type Client, createClient } from "./request/client.ts";
import { createExchange, type Exchange } from "./request/exchange.ts";
import { createPairing } from "./request/pairing.ts";
import type { Sent } from "./request/send.ts";
import type { Scenario } from "./scenario.ts";

/** What a shape of load decides. Without any of it a request is sent at once, and a pause follows. */
interface When {
  /** Waits for the start of the client; true where it has come to its end. */
  isOver?: (client: Client) => boolean;
  /** The next prompt of the client's own sequence; without it, all clients share one. */
  rowOf?: (client: Client) => Row;
  /** When each request is due, in milliseconds from the start; there are no pauses then. */
  arrivals?: readonly number[];
  /** True for an arrival that is not sent, because it is too late; records it. */
  drops?: (sendAt: number, phase: Phase) => boolean;
  /** What is called when an arrival that was sent is over. */
  finish?: (() => void) | undefined;
}

/** For the init context. */
function createLoop(scenario: Scenario, when: When = {}): (start?: Start) => void | Promise<void> {
  const { rows, load } = scenario;
  const { isOver, rowOf, arrivals, drops, finish } = when;
  const exchange: (exchange: Exchange) => Sent | Promise<void> =
    scenario.bodyPart === "body-ppl" ? loadPart("ppl").createPplExchange(scenario) : createExchange(scenario);
  const clientOf = createClient(scenario);
  const placeOf = createPairing(scenario);
  const { enter, leave } = sse;
  // Looked up once: k6 creates the members of its modules at every access.
  const pause = arrivals === undefined ? sleep : () => {};
  const end = () => {
    leave?.();
    pause(load.sleep);
  };
  const over = () => {
    finish?.();
    end();
  };
  return (start) => {
    const client = clientOf();
    if (isOver?.(client)) return;
    const index = client.iteration();
    const { index: at, to } = placeOf(index);
    if (isOut(scenario, at)) {
      pause(1);
      return;
    }
    enter?.();
    const offsetMs = arrivals?.[index];
    const sendAt = offsetMs === undefined ? undefined : (start as Start).ms + offsetMs;
    const phase = client.phase(index, offsetMs);
    if (sendAt === undefined || !drops?.(sendAt, phase)) {
      // Where every prompt is sent once, or once to each of two servers, all clients share one sequence.
      const row = rowOf && to === undefined ? rowOf(client) : pickRow(rows, at, load);
      const sent = exchange({ row, index: at, phase, client, sendAt, to });
      if (sent instanceof Promise) return sent.then(over);
      finish?.();
    }
    end();
  };
}

/** An iteration of a plain closed loop, which k6 runs again and again: a request, then a pause. For the init context. */
export function createIteration(scenario: Scenario): () => void | Promise<void> {
  return createLoop(scenario);
}

/**
 * An iteration of a closed loop with a ramp: each client has a start, perhaps an end, and its own sequence of prompts.
 * For a scenario that was prepared as `closed`; for the init context.
 */
export function createClosedIteration(scenario: Scenario): () => void | Promise<void> {
  const { rows, load, closed } = scenario;
  const { clients, rampSeconds, rampShape, clientSeconds, seconds } = closed as ClosedPlan;
  const pause = sleep;
  let count = 0;
  let endMs = Number.POSITIVE_INFINITY;
  const isOver = (client: Client) => {
    if (count++ === 0) {
      pause(rampDelayMs(client.number - 1, clients, rampSeconds, rampShape) / 1000);
      if (clientSeconds !== undefined) endMs = client.elapsedMs() + clientSeconds * 1000;
    }
    if (client.elapsedMs() < endMs) return false;
    // A client at its end waits for the end of the run: otherwise k6 would start its next iteration at once.
    pause(Math.max(seconds - client.elapsedMs() / 1000, 0) + 1);
    return true;
  };
  const rowOf = (client: Client) => pickClientRow(rows, client.number - 1, count - 1, load.seed);
  return createLoop(scenario, load.whenOut === "end" ? { isOver } : { isOver, rowOf });
}

/**
 * An arrival that its client takes this much later than it was due found no free client: it is dropped where the user
 * asks for that. Less is the client's own work between two requests.
 */
const BUSY_MS = 5;

/**
 * An iteration of an open loop: an arrival, sent when it is due. For a scenario that was prepared as `open`; for the init
 * context.
 */
export function createOpenIteration(scenario: Scenario): (start?: Start) => void | Promise<void> {
  const { arrivals, open, slos, samples } = scenario;
  if (arrivals === undefined || open === undefined) {
    throw new Error('createOpenIteration needs `prepareScenario("open")`');
  }
  const { late, drop, samples: push } = sse;
  const drops = (sendAt: number, phase: Phase) => {
    if ((late as (sendAt: number) => number)(sendAt) <= BUSY_MS) return false;
    drop?.({ phase });
    // An arrival that was never served misses every objective.
    if (slos) {
      push?.(
        samples.map((key) => (key === "good" ? false : undefined)),
        { phase },
      );
    }
    return true;
  };
  const finish = open.skipsIdle ? sse.finish : undefined;
  return createLoop(scenario, open.dropsLate ? { arrivals, finish, drops } : { arrivals, finish });
}
