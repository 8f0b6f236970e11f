// The timeline of one request: its moments in milliseconds since its start.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { toNumber, withoutAbsent } from "../../../lib/core/request/request-metrics.ts";
import { toVerdict } from "../../../lib/core/request/verdict.ts";
import { toDigits } from "../../../lib/core/units.ts";
import type { Timeline } from "./report-data.ts";
import { toTokenTicks } from "./token-ticks.ts";

/** @param originMs when the load began */
export function toTimeline(line: RequestLine, originMs: number): Timeline {
  const { labels, startMs, fields } = line;
  const since = (atMs: number | undefined) => (atMs === undefined ? undefined : toDigits(atMs - startMs, 9));
  const timeline: { [K in keyof Timeline]-?: Timeline[K] | undefined } = {
    row: labels.row ?? String(line.id),
    client: labels.client,
    task: labels.task,
    turn: labels.turn,
    verdict: toVerdict(line),
    startSeconds: toDigits((startMs - originMs) / 1000, 9),
    connectedMs: since(line.connectedMs),
    sentMs: since(line.sentMs),
    headersMs: since(line.headersMs),
    firstTokenMs: since(line.firstTokenMs),
    lastTokenMs: since(line.lastTokenMs),
    endMs: since(line.endMs),
    tokensMs: toTokenTicks(line),
    promptTokens: toNumber(fields.promptTokens),
    completionTokens: toNumber(fields.completionTokens),
  };
  return withoutAbsent(timeline) as Timeline;
}
