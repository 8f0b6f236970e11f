// Bounds the memory that V8 takes for objects that live for a moment.
import { setFlagsFromString } from "node:v8";

/** V8's own. */
const GROWTH = 2;

/**
 * Does work that makes an object after the other and keeps none, such as parsing a million lines.
 *
 * V8 doubles the memory for new objects while the program goes on, here up to 140 MB for one line at a time. It need not
 * grow: collecting more often costs a twentieth of such work.
 */
export async function withoutGrowth<T>(work: () => Promise<T>): Promise<T> {
  setGrowth(1);
  try {
    return await work();
  } finally {
    setGrowth(GROWTH);
  }
}

/** Read by V8 whenever it considers growing; `--max-semi-space-size` is read at the start of the process only. */
function setGrowth(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
