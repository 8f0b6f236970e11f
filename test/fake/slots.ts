// A limited number of slots, each with one answer at a time; requests wait in the order of their arrival.

/**
 * Takes the slot that is free first. Times are exact, whatever the machine does: the server's capacity is the number of
 * slots divided by how long an answer takes.
 * @param freeMs when each slot is free again; is changed
 * @param holdMs how long the answer takes
 * @returns when it begins
 */
export function takeSlot(freeMs: number[], slots: number, arrivedMs: number, holdMs: number): number {
  while (freeMs.length < slots) freeMs.push(Number.NEGATIVE_INFINITY);
  const slot = freeMs.indexOf(Math.min(...freeMs));
  const beginMs = Math.max(arrivedMs, freeMs[slot] as number);
  freeMs[slot] = beginMs + holdMs;
  return beginMs;
}
