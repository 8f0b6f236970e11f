// A server of exactly known capacity, for tests: a number of slots, a queue in the order of arrival, no clock.
import { createRandom } from "../../../lib/core/prompts/random.ts";

/** How long a request takes in a slot: always the same, or exponentially distributed. */
export type Service = "constant" | "exponential";

export interface QueueModel {
  slots: number;
  service: Service;
  serviceMs: number;
}

export interface ServedRequest {
  dueMs: number;
  startMs: number;
  endMs: number;
}

/** Requests per second that it can serve. */
export function capacityOf({ slots, serviceMs }: QueueModel): number {
  return (slots * 1000) / serviceMs;
}

/** Poisson arrivals at a rate, in the order in which they are due. */
export function serve(
  model: QueueModel,
  load: { perSecond: number; requests: number; seed: number },
): ServedRequest[] {
  const random = createRandom(load.seed);
  const drawExponential = (mean: number) => -Math.log(1 - random()) * mean;
  const freeMs = new Array<number>(model.slots).fill(0);
  const served: ServedRequest[] = [];
  let dueMs = 0;
  for (let index = 0; index < load.requests; index += 1) {
    dueMs += drawExponential(1000 / load.perSecond);
    const slot = freeMs.indexOf(Math.min(...freeMs));
    const startMs = Math.max(dueMs, freeMs[slot] as number);
    const endMs =
      startMs + (model.service === "constant" ? model.serviceMs : drawExponential(model.serviceMs));
    freeMs[slot] = endMs;
    served.push({ dueMs, startMs, endMs });
  }
  return served;
}

/**
 * Share of the requests of an M/M/c queue that wait longer than a time: Erlang's C formula, and an exponential tail.
 * @param perSecond below the capacity
 */
export function shareWaitingLonger(
  { slots, serviceMs }: QueueModel,
  perSecond: number,
  limitMs: number,
): number {
  const offered = (perSecond * serviceMs) / 1000;
  const use = offered / slots;
  // Erlang B by its recursion, then C from it.
  let blocked = 1;
  for (let slot = 1; slot <= slots; slot += 1) blocked = (offered * blocked) / (slot + offered * blocked);
  const waits = blocked / (1 - use * (1 - blocked));
  return waits * Math.exp((-(slots - offered) * limitMs) / serviceMs);
}

/** The highest rate at which no more than a share of the requests waits longer than a limit, by halving. */
export function highestRate(model: QueueModel, limitMs: number, share: number): number {
  let [low, high] = [0, capacityOf(model)];
  for (let step = 0; step < 60; step += 1) {
    const rate = (low + high) / 2;
    if (shareWaitingLonger(model, rate, limitMs) <= share) low = rate;
    else high = rate;
  }
  return low;
}
