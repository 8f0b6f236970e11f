// Which server a request goes to in a run that measures two at once.
import { loadPart } from "../parts.ts";
import type { ClientSettings } from "./client-settings.ts";

/** One of the two servers, as the destination of a request. */
export interface Destination {
  url: string;
  /** A tag of its samples. */
  server: string;
  /** The pair that the request belongs to: a label of its journal line. */
  pair: string;
}

export interface Place {
  /** The number of the prompt: that of the request or of its pair. */
  index: number;
  to?: Destination;
}

/** For the init context. @returns a function of the number of a request, counted over the whole run */
export function createPairing({ secondUrl, url, load }: ClientSettings): (index: number) => Place {
  if (secondUrl === undefined) return (index) => ({ index });
  const { pairOf } = loadPart("ab");
  const urls: Record<string, string> = { a: url, b: secondUrl };
  return (index) => {
    const { pair, side } = pairOf(index, load.seed);
    return { index: pair, to: { url: urls[side] as string, server: side, pair: String(pair) } };
  };
}
