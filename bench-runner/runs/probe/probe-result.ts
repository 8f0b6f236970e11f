// Everything about one request, in one object: what `probe --json` prints and the terminal shows. Pure.

import type { Ends } from "../../../lib/core/ends.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { toOtherEnds } from "../../../lib/core/request/other-ends.ts";
import { type RequestDetails, toRequestDetails } from "../../../lib/core/request/request-details.ts";
import type { Found } from "../../servers/discover/describe-found.ts";
import { toQuantile } from "../../statistics/quantile.ts";
import type { Dumps, Head } from "./read-dumps.ts";

/** A moment of the request. */
export interface Moment {
  name:
    | "handed over"
    | "connected"
    | "sent"
    | "headers"
    | "first token"
    | "first content"
    | "last token"
    | "end";
  /** Milliseconds since it was handed over. */
  atMs: number;
  /** Since the moment before. */
  afterMs: number;
}

export interface ProbeResult {
  schema: "server-bench/probe/1";
  server: { url: string; found?: Found };
  request: Head & { body: unknown; bytes: number };
  /** Redirects that were followed before the response. */
  redirects: number;
  /** The response's status; absent without a response. */
  status?: number;
  /** Absent without a response. */
  response?: Head & { body?: string };
  timeline: Moment[];
  /** Where TTFT and TPOT are known only as ranges: their ends. */
  ranges?: { ttftMs?: Ends; tpotMs?: Ends };
  /** Gaps between tokens, milliseconds, in order; absent with fewer than two tokens. */
  gapsMs?: number[];
  gaps?: { min: number; median: number; max: number };
  /** The content of the answer; absent if it is empty. */
  text?: string;
  finishReason?: string;
  /** Token usage as the server reports it, by the names used in records. */
  usage: Record<string, string | number | boolean>;
  details: RequestDetails;
  /** What went wrong, in the words of the server or the client. */
  error?: string;
  /** The server refuses fields by their names: the flags that change them, and what became of a request with these. */
  refused?: { flags: string; verdict: RequestDetails["verdict"]; error?: string };
}

/** In the order in which they happen; `connected` is absent on a reused connection. */
function toTimeline(line: RequestLine): Moment[] {
  const moments: [Moment["name"], number | undefined][] = [
    ["handed over", line.startMs],
    ["connected", line.connectedMs],
    ["sent", line.sentMs],
    ["headers", line.headersMs],
    ["first token", line.firstTokenMs],
    ["first content", line.firstContentMs === line.firstTokenMs ? undefined : line.firstContentMs],
    ["last token", line.tokenEvents > 1 ? line.lastTokenMs : undefined],
    ["end", line.endMs],
  ];
  const known = moments.filter((moment): moment is [Moment["name"], number] => moment[1] !== undefined);
  return known.map(([name, at], index) => ({
    name,
    atMs: at - line.startMs,
    afterMs: at - (known[index - 1]?.[1] ?? at),
  }));
}

function toGaps({ gapsUs = [] }: RequestLine): Pick<ProbeResult, "gapsMs" | "gaps"> {
  if (gapsUs.length === 0) return {};
  const gapsMs = gapsUs.map((us) => us / 1000);
  const sorted = Float64Array.from(gapsMs).sort();
  const at = (share: number) => toQuantile(sorted, share) as number;
  return { gapsMs, gaps: { min: at(0), median: at(0.5), max: at(1) } };
}

function toRanges(line: RequestLine, details: RequestDetails): Pick<ProbeResult, "ranges"> {
  const others = toOtherEnds(line, details);
  if (others === undefined) return {};
  const ends = (own: number | undefined, lower: number | undefined) =>
    own === undefined || lower === undefined ? undefined : { lower, upper: own };
  const [ttftMs, tpotMs] = [
    ends(details.ttftMs, others.get("ttft")),
    ends(details.tpotMs, others.get("tpot")),
  ];
  return { ranges: { ...(ttftMs && { ttftMs }), ...(tpotMs && { tpotMs }) } };
}

function toJsonBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function findError({ error, inBandError, status, ended, body }: RequestLine): string | undefined {
  if (error !== undefined) return `${error.kind}: ${error.message}`;
  if (inBandError !== undefined) return inBandError;
  const isRefused = status !== undefined && (status < 200 || status > 299);
  return isRefused || ended === "no_stream" ? body : undefined;
}

/** @param text the content of the answer */
export function toProbeResult(
  line: RequestLine,
  { hops, body }: Dumps,
  around: { url: string; found: Found | undefined; text: string | undefined },
): ProbeResult {
  const { url, found, text } = around;
  const { request = { line: "", headers: [], body: "" }, response } = hops.at(-1) ?? {};
  const { finishReason, ...usage } = line.fields;
  const error = findError(line);
  const details = toRequestDetails(line);
  return {
    schema: "server-bench/probe/1",
    server: { url, ...(found && { found }) },
    request: { ...request, body: toJsonBody(request.body), bytes: line.requestBytes },
    redirects: Math.max(0, hops.length - 1 - (line.retried ? 1 : 0)),
    ...(line.status !== undefined && { status: line.status }),
    ...(response && { response: { ...response, ...(body !== undefined && { body }) } }),
    timeline: toTimeline(line),
    ...toGaps(line),
    ...(text && { text }),
    ...(finishReason !== undefined && { finishReason: String(finishReason) }),
    usage,
    ...toRanges(line, details),
    details,
    ...(error && { error }),
  };
}
