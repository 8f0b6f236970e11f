// The slowest requests as timelines: when each was connected, got headers, its first token, its tokens, its end.
import { formatNumber } from "../../../../lib/core/units.ts";
import type { Timeline } from "../../../summary/series/report-data.ts";
import type { TimelineChart, TimelineRow } from "../chart-spec.ts";
import { formatClock } from "../pictures/axis-numbers.ts";
import { formatMs } from "./chart-words.ts";

const PARTS = ["connect", "wait for headers", "wait for the first token", "tokens", "until the end"] as const;

/** Undefined where there is none. */
export function toTimelineChart(slowest: readonly Timeline[]): TimelineChart | undefined {
  if (slowest.length === 0) return undefined;
  return {
    kind: "timeline",
    id: "slowest",
    title: slowest.length === 1 ? "The slowest request" : `The ${slowest.length} slowest requests`,
    description: toFinding(slowest),
    legend: "Each upright stroke is a token; ✕ is the end of a request that did not complete.",
    isWide: true,
    axis: "time since the request began",
    parts: PARTS,
    columns: ["request", "started at", "verdict", "E2E", "prompt tokens", "completion tokens"],
    rows: slowest.map(toRow),
  };
}

function toRow(timeline: Timeline): TimelineRow {
  const { client, verdict, startSeconds, sentMs = 0, endMs, tokensMs } = timeline;
  const start = formatClock(startSeconds);
  const prompt = formatNumber(timeline.promptTokens, "count");
  const completion = formatNumber(timeline.completionTokens, "count");
  return {
    name: describe(timeline),
    facts: [start, verdict, formatMs(endMs - sentMs), prompt, completion],
    notes: [
      ...(client === undefined ? [] : [`client ${client}`]),
      `${verdict}, began at ${start}`,
      `${prompt || "?"} prompt tokens, ${completion || "?"} completion tokens`,
    ],
    spans: toSpans(timeline),
    ticks: tokensMs,
    ...(verdict !== "complete" && { fault: { at: endMs, label: verdict } }),
  };
}

/** What followed what, as far as it happened. */
export function toSpans(timeline: Timeline): TimelineRow["spans"] {
  const { connectedMs, sentMs, headersMs, firstTokenMs, lastTokenMs, endMs } = timeline;
  const moments = [sentMs ?? connectedMs, headersMs, firstTokenMs, lastTokenMs, endMs];
  const spans: TimelineRow["spans"] = [];
  let from = 0;
  for (const [index, part] of PARTS.entries()) {
    const to = moments[index];
    if (to === undefined) continue;
    // What is missing before the end belongs to what was being waited for: a request that got no headers waited for them.
    const missing = moments.slice(0, index).indexOf(undefined);
    const name = part === "until the end" && missing >= 0 ? (PARTS[missing] as string) : part;
    if (to > from) spans.push({ part: name, from, to });
    from = Math.max(from, to);
  }
  return spans;
}

/** "row 12, turn 3". */
function describe({ row, task, turn }: Timeline): string {
  return [
    `row ${row}`,
    ...(turn === undefined ? [] : [`turn ${turn}`]),
    ...(task === undefined ? [] : [task]),
  ].join(", ");
}

function toFinding(slowest: readonly Timeline[]): string {
  const [worst] = slowest as [Timeline];
  const longest = toSpans(worst).sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  const failed = slowest.filter(({ verdict }) => verdict !== "complete").length;
  return [
    `The slowest request took ${formatMs(worst.endMs)}`,
    longest === undefined
      ? ""
      : `, ${formatMs(longest.to - longest.from)} of it in one part: ${longest.part}`,
    failed === 0 ? "." : `; ${failed} of the ${slowest.length} did not complete.`,
  ].join("");
}
