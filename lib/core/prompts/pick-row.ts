// Which row an iteration sends.
import { createRandom } from "./random.ts";

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * The row of an iteration that is numbered over the whole test, from 0.
 *
 * The rows come in their order first. Where that is random, each further pass walks them in a stride and from an offset
 * of its own, so that neighbours differ from pass to pass. Every pass visits each row once: as many clients as there are
 * rows start on different ones.
 * @param rows any list, also one whose items are costly to read: exactly one is read
 */
export function pickRow<T>(
  rows: { readonly length: number; readonly [index: number]: T },
  iteration: number,
  { seed, order = "random" }: { seed: number; order?: "random" | "sequential" },
): T {
  const count = rows.length;
  const pass = Math.floor(iteration / count);
  const place = iteration % count;
  if (pass === 0 || order === "sequential") return rows[place] as T;
  const random = createRandom(seed + pass);
  let stride = 1 + Math.floor(random() * count);
  while (commonDivisor(stride, count) > 1) stride++;
  return rows[(place * stride + Math.floor(random() * count)) % count] as T;
}

/** Keeps a client's draws apart from those that order the rows by the same seed. */
const CLIENT_STREAM = 0x636c6e74;

/**
 * The row of a client's request, both numbered from 0. Each client walks all rows in a stride and from an offset of its
 * own, whatever the others do: the same client gets the same prompts in every run with that seed. As many clients as
 * there are rows start on different ones.
 * @param rows any list, also one whose items are costly to read: exactly one is read
 */
export function pickClientRow<T>(
  rows: { readonly length: number; readonly [index: number]: T },
  client: number,
  request: number,
  seed: number,
): T {
  const count = rows.length;
  const base = Math.imul(seed ^ CLIENT_STREAM, 0x9e3779b1);
  const offset = Math.floor(createRandom(base)() * count);
  let stride = 1 + Math.floor(createRandom(base + 1 + client)() * count);
  while (commonDivisor(stride, count) > 1) stride++;
  return rows[(offset + client + request * stride) % count] as T;
}
