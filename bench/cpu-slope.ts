// CPU per token event as the slope between a short and a long run: what starting up costs is in neither.
import { type PartContext, runTrial, type Trial } from "./part.ts";

export interface Slope {
  microsPerEvent: number;
  foreignShare: number;
}

/** @param requests of the short and of the long run */
export async function measureSlope(
  context: PartContext,
  name: string,
  trial: Trial,
  requests: readonly [number, number],
): Promise<Slope> {
  const results = [];
  for (const count of requests) {
    results.push(await runTrial({ ...trial, load: { ...trial.load, requests: count } }));
  }
  const [short, long] = results as [(typeof results)[0], (typeof results)[0]];
  const seconds = long.client.cpuSeconds - short.client.cpuSeconds;
  const microsPerEvent = (seconds / (long.server.events - short.server.events)) * 1e6;
  context.say(`${name}: ${microsPerEvent.toFixed(2)} µs per event`);
  return { microsPerEvent, foreignShare: Math.max(short.foreignShare ?? 0, long.foreignShare ?? 0) };
}
