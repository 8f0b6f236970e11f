// The throughput of a window from the lines of a journal, recomputed for verify-summary.ts.

import type { Summary } from "../../../bench-runner/summary/summary.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { completionOf, judge, usage } from "./verify-formulas.ts";

type Window = NonNullable<Summary["window"]>;

/** Puts the rates of a window under `path` into `found`. */
export function putThroughput(
  found: Record<string, number>,
  path: string,
  lines: RequestLine[],
  window: Window,
): void {
  const inside = (ms: number) =>
    ms >= window.startMs && (window.endedBy === "requests" ? ms <= window.endMs : ms < window.endMs);
  const done = lines.filter((line) => judge(line) === "complete" && inside(line.endMs)).length;
  found[`${path}.requestsPerSecond`] = done / window.seconds;
  const partOf = (line: RequestLine) => {
    if (line.document) return spread(line, window);
    // What streamed nothing counts at its end.
    return line.tokenEvents > 0 ? share(line, inside, window) : Number(inside(line.endMs));
  };
  const isUnknown = (line: RequestLine) =>
    line.document && line.fields.completionTokens === undefined && judge(line) === "complete";
  if (lines.some((line) => isUnknown(line) && spread(line, window) > 0)) return;
  const output = sum(lines.map((line) => completionOf(line) * partOf(line)));
  found[`${path}.outputTokensPerSecond`] = output / window.seconds;
  const prompts = lines.filter((line) => line.fields.promptTokens !== undefined);
  if (prompts.length === 0) return;
  const prompt = sum(
    prompts
      .filter((line) => inside(line.tokenEvents > 0 ? (line.firstTokenMs as number) : line.endMs))
      .map((line) => usage(line, "promptTokens") as number),
  );
  found[`${path}.totalTokensPerSecond`] = (output + prompt) / window.seconds;
}

/** The share of a stream's token events inside the window; without a list of gaps, as a part of each second's. */
function share(line: RequestLine, inside: (ms: number) => boolean, window: Window): number {
  if (line.gapsUs === undefined) {
    if (inside(line.firstTokenMs as number) && inside(line.lastTokenMs as number)) return 1;
    const parts = (line.tokensBySecond ?? []).map(([second, count]) => {
      const outside =
        Math.max(0, window.startMs / 1000 - second) + Math.max(0, second + 1 - window.endMs / 1000);
      return count * Math.max(0, 1 - outside);
    });
    return sum(parts) / line.tokenEvents;
  }
  const times = [line.firstTokenMs as number];
  for (const gap of line.gapsUs) times.push((times.at(-1) as number) + gap / 1000);
  // The last stamp itself: a sum of gaps may differ by rounding.
  if (times.length === line.tokenEvents) times[times.length - 1] = line.lastTokenMs as number;
  return times.filter(inside).length / line.tokenEvents;
}

/** The share of a document's time inside the window: the parts before and after the window do not. */
function spread({ sentMs, startMs, endMs }: RequestLine, window: Window): number {
  const from = sentMs ?? startMs;
  const whole = endMs - from;
  if (whole <= 0) return endMs >= window.startMs && endMs <= window.endMs ? 1 : 0;
  const before = Math.max(0, window.startMs - from);
  const behind = Math.max(0, endMs - window.endMs);
  return Math.max(0, 1 - (before + behind) / whole);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
