// The parts of a request's life, from what its timeline has.
import type { Timeline } from "../../../summary/series/report-data.ts";

export const PARTS = [
  "connect",
  "wait for headers",
  "wait for the first token",
  "tokens",
  "until the end",
] as const;

export interface Span {
  part: (typeof PARTS)[number];
  from: number;
  to: number;
}

/** What followed what, as far as it happened. */
export function toSpans(timeline: Timeline): Span[] {
  const { connectedMs, sentMs, headersMs, firstTokenMs, lastTokenMs, endMs } = timeline;
  const moments = [sentMs ?? connectedMs, headersMs, firstTokenMs, lastTokenMs, endMs];
  const spans: Span[] = [];
  let from = 0;
  for (const [index, part] of PARTS.entries()) {
    const to = moments[index];
    if (to === undefined) continue;
    // What is missing before the end belongs to what was being waited for: a request that got no headers waited for them.
    const missing = moments.slice(0, index).indexOf(undefined);
    const name = part === "until the end" && missing >= 0 ? (PARTS[missing] as Span["part"]) : part;
    if (to > from) spans.push({ part: name, from, to });
    from = Math.max(from, to);
  }
  return spans;
}
