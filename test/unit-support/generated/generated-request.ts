// Requests of every fate at any time, for property tests: the random draft of a request, and its journal line.
import fc from "fast-check";
import {
  type FieldValue,
  type RequestLine,
  STAMP_SOURCES,
  type StampSource,
} from "../../../lib/core/request/facts.ts";
import { FATES, type Fate } from "./generated-fates.ts";
import { optional } from "./generated-samples.ts";

/** The random draft of a request; times in whole microseconds. */
export interface Draft {
  fate: keyof typeof FATES;
  connectUs: number | undefined;
  sendUs: number;
  headersUs: number;
  firstUs: number;
  /** Pairs of a gap and how often it comes in a row. */
  gapRuns: [gapUs: number, count: number][];
  /** The journal keeps the gaps of long answers as a histogram. */
  isLong: boolean;
  endUs: number;
  reasoning: number;
  toolCalls: number;
  finish: "stop" | "length" | "content_filter" | "tool_calls";
  usage:
    | {
        prompt: number;
        more: number;
        total: boolean;
        cached?: number;
        serverCached?: number;
        serverRate?: number;
        reasoning?: number;
      }
    | undefined;
  stamps: StampSource;
  lagUs: number | undefined;
  /** Tokens at the beginning that one late read brought, by its time; and how much earlier the first may have come. */
  lateTokens: number;
  earlierUs: number;
  /** The last token is followed by something in its read: it may have come so much earlier. */
  lastEarlierUs: number | undefined;
  misses: number;
  merged: number;
  moreReads: number;
  malformed: number;
  /** Sizes of the token texts: the first one's, and each of the others'. */
  textBytes: [first: number, each: number] | undefined;
  oddity: "bad usage" | "unread" | undefined;
  isRetried: boolean;
  requestBytes: number;
}

const names = Object.keys(FATES) as (keyof typeof FATES)[];
const gapUs = fc.oneof(
  { weight: 6, arbitrary: fc.nat(60_000) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(3_000_000) },
);

const gapRuns = (longest: number) =>
  fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: longest })), { maxLength: 3 });

export const draft: fc.Arbitrary<Draft> = fc.record({
  fate: fc.oneof(
    { weight: 4, arbitrary: fc.constant<keyof typeof FATES>("whole") },
    { weight: 3, arbitrary: fc.constantFrom(...names) },
  ),
  connectUs: optional(fc.nat(4000), 2),
  sendUs: fc.nat(2000),
  headersUs: fc.nat(50_000),
  firstUs: fc.nat(800_000),
  gapRuns: fc.oneof(
    { weight: 85, arbitrary: fc.array(fc.tuple(gapUs, fc.constant(1)), { maxLength: 30 }) },
    { weight: 14, arbitrary: gapRuns(60) },
    { weight: 1, arbitrary: gapRuns(20_000) },
  ),
  isLong: fc.nat(15).map((draw) => draw === 15),
  endUs: fc.nat(20_000),
  reasoning: fc.oneof(fc.constant(0), fc.nat(10)),
  toolCalls: fc.oneof(fc.constant(0), fc.nat(4)),
  finish: fc.constantFrom("stop", "stop", "length", "content_filter", "tool_calls"),
  usage: optional(
    fc.record(
      {
        prompt: fc.nat(5000),
        more: fc.oneof(fc.constant(0), fc.nat(40)),
        total: fc.boolean(),
        cached: fc.nat(5000),
        serverCached: fc.nat(5000),
        serverRate: fc.nat(1e6).map((tenths) => tenths / 10),
        reasoning: fc.oneof(fc.constant(0), fc.nat(60)),
      },
      { requiredKeys: ["prompt", "more", "total"] },
    ),
    8,
  ),
  stamps: fc.constantFrom(...STAMP_SOURCES),
  lagUs: optional(fc.nat(3000), 3),
  lateTokens: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }) },
  ),
  earlierUs: fc.nat(900_000),
  lastEarlierUs: optional(fc.nat(40_000), 4),
  misses: fc.nat(9).map((draw) => (draw > 7 ? draw - 7 : 0)),
  merged: fc.nat(3),
  moreReads: fc.nat(4),
  malformed: fc.nat(9).map((draw) => (draw === 9 ? 1 : 0)),
  textBytes: optional(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 20 })), 4),
  oddity: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom("bad usage" as const, "unread" as const) },
  ),
  isRetried: fc.nat(19).map((draw) => draw === 19),
  requestBytes: fc.nat(9000),
});

/** The place of a request in a run. */
export interface Place {
  id: number;
  vu: number;
  startUs: number;
  scheduledUs?: number;
  labels: Record<string, string>;
}

/** The most tokens whose gaps a journal lists. */
const MOST_LISTED = 16_384;

const ms = (us: number) => us / 1000;

/** The journal line of a draft, and its end in whole microseconds. */
export function toLine(draft: Draft, place: Place): { line: RequestLine; endUs: number } {
  const fate: Fate = FATES[draft.fate];
  const isSent = fate.reach !== "nothing";
  const isAnswered = isSent && fate.reach !== "sent";
  const hasTokens = (fate.reach === "tokens" || fate.reach === "stream") && fate.tokens !== "none";
  const sentUs = place.startUs + (draft.connectUs ?? 0) + draft.sendUs;
  const headersUs = sentUs + draft.headersUs;
  const firstUs = headersUs + draft.firstUs;
  const gaps = hasTokens ? draft.gapRuns.flatMap(([gap, count]) => new Array<number>(count).fill(gap)) : [];
  const stamps = hasTokens ? [firstUs] : [];
  for (const gap of gaps) stamps.push((stamps.at(-1) as number) + gap);
  // One late read brought the first tokens together, with the time of its last segment.
  const late = Math.min(draft.lateTokens, stamps.length);
  const isLate = late > 1;
  if (isLate) {
    const readUs = stamps[late - 1] as number;
    stamps.fill(readUs, 0, late);
    gaps.splice(0, late - 1, ...new Array<number>(late - 1).fill(0));
  }
  const uncertain = Math.min(isLate ? late : 0, gaps.length);
  const lastEarlierUs = stamps.length > Math.max(late, 1) ? draft.lastEarlierUs : undefined;
  const lastUncertain = lastEarlierUs !== undefined && uncertain < gaps.length ? 1 : 0;
  const isListed = !(draft.isLong || stamps.length > MOST_LISTED);
  const shownFirstUs = stamps[0] ?? firstUs;
  const lastUs = stamps.at(-1) ?? (isAnswered ? firstUs : isSent ? sentUs : place.startUs);
  const tokenEvents = stamps.length;
  const reasoning = Math.min(draft.reasoning, tokenEvents);
  const toolCalls = Math.min(draft.toolCalls, tokenEvents - reasoning);
  const content = tokenEvents - reasoning - toolCalls;
  const reads = isAnswered ? tokenEvents + draft.moreReads : 0;
  const line: RequestLine = {
    type: "request",
    ...{ id: place.id, vu: place.vu, iteration: place.id, scenario: "default", labels: place.labels },
    ...(place.scheduledUs !== undefined && { scheduledMs: ms(place.scheduledUs) }),
    startMs: ms(place.startUs),
    ...(isSent && draft.connectUs !== undefined && { connectedMs: ms(place.startUs + draft.connectUs) }),
    ...(isSent && { sentMs: ms(sentUs) }),
    ...(isAnswered && { headersMs: ms(headersUs), status: fate.status ?? 200 }),
    ...(isAnswered && { contentType: fate.contentType ?? "text/event-stream" }),
    ...(hasTokens && { firstTokenMs: ms(shownFirstUs), lastTokenMs: ms(lastUs) }),
    ...(isLate && { firstTokenEarliestMs: ms(Math.max(headersUs, firstUs - draft.earlierUs)) }),
    ...(content > 0 && { firstContentMs: ms(stamps[reasoning] as number) }),
    ...(lastEarlierUs !== undefined && { lastTokenEarliestMs: ms(lastUs - lastEarlierUs) }),
    ...(lastEarlierUs !== undefined &&
      content > 0 &&
      reasoning === tokenEvents - 1 && { firstContentEarliestMs: ms(lastUs - lastEarlierUs) }),
    endMs: ms(lastUs + draft.endUs),
    ...(fate.error && { error: { kind: fate.error, message: `${fate.error}, it says` } }),
    ...(fate.inBandError && { inBandError: fate.inBandError }),
    ...(fate.body && { body: fate.body }),
    ended: fate.ended,
    ...(fate.reach === "document" && { document: true }),
    stamps: draft.stamps,
    ...(draft.lagUs !== undefined &&
      reads > 0 && { stampLagMeanMs: ms(draft.lagUs) / 3, stampLagMaxMs: ms(draft.lagUs) }),
    mergedTokens: Math.max(isLate ? late : 0, Math.min(draft.merged, Math.max(0, tokenEvents - 1))),
    ...(draft.misses > 0 && { packetMisses: draft.misses }),
    ...{ tokenEvents, contentEvents: content, reasoningEvents: reasoning, toolCallEvents: toolCalls },
    ...{ reads, events: isAnswered ? tokenEvents + 2 : 0, malformedEvents: draft.malformed, bytes: 900 },
    ...(hasTokens && toTextBytes(draft, tokenEvents)),
    ...(fate.open && { openChoices: fate.open }),
    ...(draft.oddity === "bad usage" && { badUsage: "usage.prompt_tokens: -1" }),
    ...(draft.oddity === "unread" && { unread: ["choices.*.delta.inner"] }),
    fields: toFields(draft, tokenEvents),
    reused: draft.connectUs === undefined,
    retried: draft.isRetried,
    requestBytes: draft.requestBytes,
    ...(isListed
      ? { gapsUs: gaps, ...toUncertainGaps(uncertain, lastUncertain, gaps.length) }
      : {
          gapHistogramUs: toPairs(gaps.slice(uncertain, gaps.length - lastUncertain)),
          ...(uncertain + lastUncertain > 0 && { uncertainGapCount: uncertain + lastUncertain }),
        }),
    ...(hasTokens && { tokensBySecond: toPairs(stamps.map((us) => Math.floor(us / 1e6))) }),
  };
  return { line, endUs: lastUs + draft.endUs };
}

/** The gaps at the beginning and at the end that are not known. */
function toUncertainGaps(first: number, last: number, gaps: number): Pick<RequestLine, "uncertainGaps"> {
  if (first + last === gaps && gaps > 0) return { uncertainGaps: [[0, gaps]] };
  const runs: [number, number][] = [
    [0, first],
    [gaps - last, last],
  ];
  const found = runs.filter(([, count]) => count > 0);
  return found.length > 0 ? { uncertainGaps: found } : {};
}

function toTextBytes({ textBytes }: Draft, tokenEvents: number): Partial<RequestLine> {
  if (textBytes === undefined) return {};
  const [first, each] = textBytes;
  return { firstTokenBytes: first, tokenBytes: first + each * (tokenEvents - 1) };
}

function toFields({ fate, usage, finish }: Draft, tokenEvents: number): Record<string, FieldValue> {
  const { reach, finishes, usage: rule } = FATES[fate] as Fate;
  const reported = usage ?? (rule === "always" ? { prompt: 3, more: 1, total: false } : undefined);
  const isTold = reach === "stream" || reach === "document";
  if (!isTold || fate === "a foreign document") return {};
  const reason = finishes ? { finishReason: finish } : {};
  if (reported === undefined || rule === "never") return reason;
  const completionTokens =
    rule === "nothing made" ? 0 : tokenEvents + reported.more + (rule === "always" ? 1 : 0);
  return {
    ...reason,
    promptTokens: reported.prompt,
    completionTokens,
    ...(reported.total && { totalTokens: reported.prompt + completionTokens }),
    ...(reported.cached !== undefined && { cachedTokens: Math.min(reported.cached, reported.prompt) }),
    ...(reported.reasoning !== undefined && { reasoningTokens: reported.reasoning }),
    ...(reported.serverCached !== undefined && {
      serverCachedTokens: Math.min(reported.serverCached, reported.prompt),
    }),
    ...(reported.serverRate !== undefined && {
      serverPromptTokensPerSecond: reported.serverRate,
      serverPredictedTokensPerSecond: reported.serverRate / 7,
    }),
  };
}

/** The count of each value, by ascending value. */
function toPairs(values: number[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}
