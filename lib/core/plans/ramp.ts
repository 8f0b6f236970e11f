// When the clients of a closed loop start: one after the other, so that they are not all at the same point at first.

export type RampShape = "linear" | "exponential";

/** The default time of a ramp for each client. */
export const RAMP_SECONDS_PER_CLIENT = 0.1;

/**
 * Milliseconds from the start of the load to that of a client.
 *
 * `linear`: evenly over the time, the first at once. `exponential`: their number doubles in equal times, the last one
 * starts at the end.
 * @param index of the client, from 0
 */
export function rampDelayMs(index: number, clients: number, seconds: number, shape: RampShape): number {
  if (clients < 2) return 0;
  const part = shape === "linear" ? index / clients : Math.log(index + 1) / Math.log(clients);
  return part * seconds * 1000;
}
