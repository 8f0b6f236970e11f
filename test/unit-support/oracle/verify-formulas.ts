// Verdict, flags and metrics of a journal line, written out again for verify-summary.ts: shares no code with lib/core.
import type { RequestLine } from "../../../lib/core/request/facts.ts";

const difference = (later: number | undefined, earlier: number | undefined) =>
  later === undefined || earlier === undefined ? undefined : later - earlier;
export const usage = (line: RequestLine, key: string) => line.fields[key] as number | undefined;
export const cachedOf = (line: RequestLine) =>
  usage(line, "cachedTokens") ?? usage(line, "serverCachedTokens");
/** Undefined for a document without usage. */
const completionTokensOf = (line: RequestLine) =>
  usage(line, "completionTokens") ?? (line.document ? undefined : line.tokenEvents);
/** For sums. */
export const completionOf = (line: RequestLine) => completionTokensOf(line) ?? 0;
/** From usage: the total, or the sum of its parts. */
const totalTokensOf = (line: RequestLine) => {
  const [prompt, completion] = [usage(line, "promptTokens"), usage(line, "completionTokens")];
  const both = prompt === undefined || completion === undefined ? undefined : prompt + completion;
  return usage(line, "totalTokens") ?? both;
};
const ttftOf = (line: RequestLine) => difference(line.firstTokenMs, line.sentMs);
const perSecond = (tokens: number | undefined, ms: number | undefined) =>
  tokens === undefined || ms === undefined ? undefined : tokens / (ms / 1000);
/** Undefined where the server does not count reasoning; it is hidden if no reasoning text came. */
export const hiddenOf = (line: RequestLine) => {
  const [reasoning, completion] = [usage(line, "reasoningTokens"), usage(line, "completionTokens")];
  if (line.document || reasoning === undefined || completion === undefined) return undefined;
  if (line.reasoningEvents > 0 || completion <= line.tokenEvents) return 0;
  return completion - line.tokenEvents < reasoning ? completion - line.tokenEvents : reasoning;
};
const isShort = (line: RequestLine) => {
  const tokens = (usage(line, "completionTokens") ?? 0) - (hiddenOf(line) ?? 0);
  if (line.unread) return true;
  return tokens - 2 * line.tokenEvents > 2 && (line.tokenBytes ?? Number.NaN) / 1.5 < tokens;
};
/** The tokens after the first token event, by usage and by the share of the text. */
const laterOf = (line: RequestLine) => {
  const streamed = (usage(line, "completionTokens") ?? line.tokenEvents) - (hiddenOf(line) ?? 0);
  const events = line.tokenEvents - 1;
  if (streamed - line.tokenEvents <= 2 || !line.tokenBytes || !line.firstTokenBytes) return streamed - 1;
  const rest = line.tokenBytes - line.firstTokenBytes;
  const each = (streamed * rest) / line.tokenBytes / events;
  const isBundle = line.firstTokenBytes / 3 > rest / events;
  if (isBundle && rest / events <= 8) return events;
  return Math.min(each * events, streamed - 1);
};
const tpotOf = (line: RequestLine) =>
  line.tokenEvents < 2 || isShort(line) || laterOf(line) <= 0
    ? undefined
    : ((line.lastTokenMs as number) - (line.firstTokenEarliestMs ?? (line.firstTokenMs as number))) /
      laterOf(line);
const e2eOf = (line: RequestLine) => difference(line.endMs, line.sentMs);

/** The trends of one complete request. */
export const FORMULAS: Record<string, (line: RequestLine) => number | undefined> = {
  ttft: ttftOf,
  ttfo: (line) => difference(line.firstContentMs, line.sentMs),
  headers: (line) => difference(line.headersMs, line.sentMs),
  connect: (line) => (line.reused ? 0 : difference(line.connectedMs, line.startMs)),
  ttftWithConnect: (line) => difference(line.firstTokenMs, line.startMs),
  scheduleDelay: (line) => difference(line.startMs, line.scheduledMs),
  scheduledTtft: (line) => difference(line.firstTokenMs, line.scheduledMs),
  tpot: tpotOf,
  e2e: e2eOf,
  tokensPerSecondPerUser: (line) =>
    tpotOf(line) === undefined ? undefined : 1000 / (tpotOf(line) as number),
  tokensPerSecond: (line) => perSecond(totalTokensOf(line), e2eOf(line)),
  generationTokensPerSecond: (line) => perSecond(completionTokensOf(line), e2eOf(line)),
  promptTokensPerSecond: (line) => perSecond(usage(line, "promptTokens"), ttftOf(line)),
  uncachedPromptTokensPerSecond: (line) =>
    (cachedOf(line) ?? 0) > (usage(line, "promptTokens") ?? 0)
      ? undefined
      : perSecond(difference(usage(line, "promptTokens"), cachedOf(line)), ttftOf(line)),
  serverPromptTokensPerSecond: (line) => usage(line, "serverPromptTokensPerSecond"),
  serverPredictedTokensPerSecond: (line) => usage(line, "serverPredictedTokensPerSecond"),
  promptTokens: (line) => usage(line, "promptTokens"),
  cachedTokens: cachedOf,
  completionTokens: completionTokensOf,
  tokensPerEvent: (line) =>
    usage(line, "completionTokens") === undefined || line.document
      ? undefined
      : ((usage(line, "completionTokens") as number) - (hiddenOf(line) ?? 0)) / line.tokenEvents,
  hiddenTokens: hiddenOf,
  readsPerEvent: (line) => (line.document ? undefined : line.reads / line.events),
  inputTokens: ({ labels: { inputTokens } }) =>
    inputTokens === undefined ? undefined : Number.parseInt(inputTokens, 10),
};

/** The line as if all of its times were known. */
function exactly(line: RequestLine): RequestLine {
  const exact = { ...line };
  for (const name of ["firstTokenEarliestMs", "firstContentEarliestMs", "lastTokenEarliestMs"] as const)
    delete exact[name];
  return exact;
}

/** The line as if its first token, and all that came with it, had come at a moment. */
function movedTo(line: RequestLine, atMs: number): RequestLine {
  const moved = { ...exactly(line), firstTokenMs: atMs };
  if (line.firstContentEarliestMs !== undefined)
    moved.firstContentMs = Math.max(line.firstContentEarliestMs, atMs);
  else if (line.firstContentMs === line.firstTokenMs) moved.firstContentMs = atMs;
  if (line.headersMs === line.firstTokenMs) moved.headersMs = atMs;
  return moved;
}

type BothEnds = [early: RequestLine, late: RequestLine];
const known = new WeakMap<RequestLine, BothEnds>();

/** Whether a time of the line is a range. */
export const hasRange = (line: RequestLine): boolean =>
  [line.firstTokenEarliestMs, line.firstContentEarliestMs, line.lastTokenEarliestMs].some(
    (ms) => ms !== undefined,
  );

/** The two ends of a line with a time that is a range: made once a line, which many formulas ask for. */
export function endsOf(line: RequestLine): BothEnds {
  if (!hasRange(line)) return [line, line];
  const ends = known.get(line) ?? makeEnds(line);
  known.set(line, ends);
  return ends;
}

function makeEnds(line: RequestLine): BothEnds {
  const lateMs = line.firstTokenMs as number;
  const earlyMs = Math.max(line.firstTokenEarliestMs ?? lateMs, line.sentMs ?? 0);
  if (line.firstTokenMs === undefined) return [line, line];
  const [early, late] = [movedTo(line, earlyMs), exactly(line)];
  if (line.lastTokenEarliestMs !== undefined) late.lastTokenMs = Math.max(line.lastTokenEarliestMs, lateMs);
  return [early, late];
}

/** The verdict. */
export function judge(line: RequestLine): string {
  const kind = line.error?.kind ?? "";
  const answered = line.status !== undefined;
  if (["interrupted", "aborted"].includes(kind)) return kind;
  if (["dns", "tcp", "tls", "blocked", "bad_url"].includes(kind)) return "refused";
  if (/_timeout$/.test(kind)) return "timeout";
  if (kind === "redirect" || (answered && Math.floor((line.status as number) / 100) !== 2))
    return "http_error";
  const unreadable =
    ["too_large", "unreadable"].includes(kind) || (kind === "protocol" && line.tokenEvents === 0);
  if (unreadable || (answered && line.ended === "no_stream")) return "not_a_stream";
  if (line.document && line.ended === "eof") return "not_a_stream";
  if (line.inBandError !== undefined) return "error_in_band";
  if ((line.openChoices ?? 0) > 0) return "cut";
  if (line.fields.finishReason !== undefined) return "complete";
  if (line.ended !== "marker") return "cut";
  const ofDocument = (usage(line, "completionTokens") ?? 0) + (line.tokenBytes ?? 0);
  return (line.document ? ofDocument : line.tokenEvents) > 0 ? "complete" : "empty";
}

/** The flags, in no order. */
export function flagsOf(line: RequestLine): string[] {
  const flags = [];
  if (line.fields.finishReason === "length") flags.push("truncated");
  if (line.fields.finishReason === "content_filter") flags.push("filtered");
  if (line.toolCallEvents > 0 || (line.document && line.fields.finishReason === "tool_calls"))
    flags.push("tool_calls");
  if (line.malformedEvents > 0) flags.push("malformed_events");
  if (line.retried) flags.push("retried");
  if (line.badUsage) flags.push("bad_usage");
  if ((hiddenOf(line) ?? 0) > (usage(line, "completionTokens") ?? 0) / 10) flags.push("hidden_tokens");
  if (judge(line) === "cut" && line.openChoices && line.ended === "marker") flags.push("open_choices");
  if (judge(line) !== "complete") return flags;
  if (line.fields.completionTokens === undefined && !line.badUsage) flags.push("no_usage");
  if (line.noFinishReason) flags.push("no_finish_reason");
  if (!line.document && isShort(line)) flags.push("unseen_tokens");
  if (line.document) return line.tokenBytes === 0 ? [...flags, "no_tokens"] : flags;
  if (line.ended !== "marker") flags.push("no_end_marker");
  if (line.tokenEvents === 0) flags.push("no_tokens");
  return flags;
}
