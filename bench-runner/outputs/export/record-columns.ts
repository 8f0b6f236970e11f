// The table of columns of the exported requests, one row per column, for CSV, Parquet and docs/layouts.md.
import { toSnake } from "../../../lib/core/key-names.ts";
import { fieldOf, METRICS, type Metric } from "../../../lib/core/request/metrics.ts";
import type { RequestDetails } from "../../../lib/core/request/request-details.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { conversationOf, taskOf, turnOf } from "../../run-folder/request-labels.ts";
import { countUncertainGaps } from "../../statistics/known-gaps.ts";
import { isMeasured } from "../../summary/tallies/tally.ts";
import type { RecordView } from "./record-view.ts";

export type Cell = string | number | boolean | undefined;
export type CellType = "text" | "integer" | "double" | "boolean";

export interface RecordColumn {
  name: string;
  type: CellType;
  unit: Unit | "";
  meaning: string;
  /** The value in a row; undefined if unknown. */
  of: (record: RecordView) => Cell;
}

const column = (
  name: string,
  type: CellType,
  meaning: string,
  of: RecordColumn["of"],
  unit: Unit | "" = "",
): RecordColumn => ({ name, type, unit, meaning, of });

const moment = (name: string, meaning: string, of: RecordColumn["of"]) =>
  column(name, "double", meaning, of, "ms");
const count = (name: string, meaning: string, of: RecordColumn["of"], unit: Unit = "count") =>
  column(name, "integer", meaning, of, unit);

/** The number in a label that every client sets. */
const toNumber = (label: string | undefined) =>
  label !== undefined && /^\d{1,15}$/.test(label) ? Number(label) : undefined;

/** The position of the request in the run. */
const PLACE: RecordColumn[] = [
  count(
    "id",
    "sequence number of the request in its k6 process, in order of submission, from 1",
    ({ line }) => line.id,
  ),
  column("row", "text", "id of the dataset's row", ({ line }) => line.labels.row || undefined),
  column("task", "text", "task of the row", ({ line }) => taskOf(line)),
  count("turn", "turn of a conversation, from 1", ({ line }) => turnOf(line)),
  count("turns", "planned number of turns", ({ line }) => conversationOf(line)?.turns),
  column("conversation", "text", "id of the conversation", ({ line }) => conversationOf(line)?.id),
  count("client", "number of the client that sent the request", ({ line }) => toNumber(line.labels.client)),
  count("vu", "k6's VU number", ({ line }) => line.vu),
  count("iteration", "k6's iteration number within the VU", ({ line }) => line.iteration),
  column(
    "phase",
    "text",
    "`warmup`, `measure` or `cooldown`",
    ({ line }) => line.labels.phase || (isMeasured(line) ? "measure" : undefined),
  ),
];

const OUTCOME: RecordColumn[] = [
  column("verdict", "text", "verdict of the request, see docs/metrics.md", ({ details }) => details.verdict),
  column(
    "flags",
    "text",
    "flags, separated by spaces",
    ({ details }) => details.flags.join(" ") || undefined,
  ),
  count("status", "HTTP status", ({ line }) => line.status),
  column("error_kind", "text", "kind of a transport error", ({ line }) => line.error?.kind),
  column(
    "error_message",
    "text",
    "message of the transport error, or of an error inside the stream",
    ({ line }) => line.error?.message ?? line.inBandError,
  ),
  column("finish_reason", "text", "finish reason reported by the server", ({ line }) => {
    const { finishReason } = line.fields;
    return finishReason === undefined ? undefined : String(finishReason);
  }),
  column(
    "ended",
    "text",
    "how the stream ended: `marker`, `eof`, `error` or `no_stream`",
    ({ line }) => line.ended,
  ),
  column(
    "document",
    "boolean",
    "requested as a whole answer, not as a stream",
    ({ line }) => line.document ?? false,
  ),
  column("content_type", "text", "content type of the answer", ({ line }) => line.contentType),
];

/** Milliseconds since the journal's epoch. */
const MOMENTS: RecordColumn[] = [
  column(
    "start_unix_ms",
    "double",
    "start, wall clock",
    ({ line, epochUnixMs }) => (epochUnixMs === undefined ? undefined : epochUnixMs + line.startMs),
    "ms",
  ),
  moment("scheduled_at_ms", "scheduled time (open loop)", ({ line }) => line.scheduledMs),
  moment("start_at_ms", "start: the request is submitted with its body built", ({ line }) => line.startMs),
  moment("connected_at_ms", "new connection ready", ({ line }) => line.connectedMs),
  moment("sent_at_ms", "sent: first byte given to the kernel", ({ line }) => line.sentMs),
  moment("headers_at_ms", "headers of the answer received", ({ line }) => line.headersMs),
  moment(
    "first_token_earliest_at_ms",
    "where the time of the first token is not known exactly: it arrived between this time and `first_token_at_ms`",
    ({ line }) => line.firstTokenEarliestMs,
  ),
  moment("first_token_at_ms", "first token", ({ line }) => line.firstTokenMs),
  moment("first_content_at_ms", "first content token", ({ line }) => line.firstContentMs),
  moment(
    "last_token_earliest_at_ms",
    "where the time of the last token is not known exactly: it arrived between this time and `last_token_at_ms`",
    ({ line }) => line.lastTokenEarliestMs,
  ),
  moment("last_token_at_ms", "last token", ({ line }) => line.lastTokenMs),
  moment("end_at_ms", "end of the stream, or failure", ({ line }) => line.endMs),
];

/** The order of the metrics' columns; those with the same unit are in the order of the table. */
const UNITS: readonly Unit[] = [
  "ms",
  "s",
  "tokens",
  "count",
  "tokens/s",
  "requests/s",
  "ratio",
  "share",
  "bytes",
];
const WHOLE_UNITS: readonly Unit[] = ["tokens", "count", "bytes"];

/** The metrics that have a value for each request. */
function toMetricColumns(): RecordColumn[] {
  const place = (metric: Metric) => UNITS.indexOf(metric.unit);
  const metrics = Object.entries<Metric>(METRICS).filter(
    ([, { type, alias, of, about }]) => type === undefined && !alias && (of ?? about.of) !== undefined,
  );
  return metrics
    .sort(([, a], [, b]) => place(a) - place(b))
    .flatMap(([key, metric]) => {
      const field = fieldOf(key, metric) as keyof RequestDetails;
      const type = WHOLE_UNITS.includes(metric.unit) ? "integer" : "double";
      const of: RecordColumn["of"] = ({ details }) => details[field] as Cell;
      const own = column(toSnake(field), type, metric.about.formula, of, metric.unit);
      return key === "completionTokens" ? [own, ESTIMATED] : own;
    });
}

const ESTIMATED = column(
  "completion_estimated",
  "boolean",
  "`completion_tokens` is the number of token events",
  ({ details }) => details.completionEstimated,
);

const FINISH: RecordColumn[] = [
  column(
    "truncated",
    "boolean",
    "finish reason is `length`; complete requests only",
    ({ details }) => details.truncated,
  ),
  column(
    "stopped",
    "boolean",
    "finish reason is `stop`; complete requests only",
    ({ details }) => details.stopped,
  ),
];

const READING: RecordColumn[] = [
  count("token_events", "events that contain a token", ({ line }) => line.tokenEvents),
  count("content_events", "events that contain content", ({ line }) => line.contentEvents),
  count("reasoning_events", "events that contain reasoning", ({ line }) => line.reasoningEvents),
  count("tool_call_events", "events that contain tool-call text", ({ line }) => line.toolCallEvents),
  count(
    "merged_tokens",
    "token events whose time is not known exactly: they have the stamp of a later segment",
    ({ line }) => line.mergedTokens,
  ),
  count("uncertain_gaps", "gaps between tokens that are therefore not known", ({ line }) =>
    countUncertainGaps(line),
  ),
  count(
    "packet_misses",
    "reads whose segments the packet capture did not have",
    ({ line }) => line.packetMisses,
  ),
  count("malformed_events", "events that are not JSON", ({ line }) => line.malformedEvents),
  count("events", "events", ({ line }) => line.events),
  count("reads", "reads from the socket", ({ line }) => line.reads),
  count("bytes", "size of the answer", ({ line }) => line.bytes, "bytes"),
  count("request_bytes", "size of the request body", ({ line }) => line.requestBytes, "bytes"),
  column(
    "stamps",
    "text",
    "worst source of the token timestamps: `packet`, `kernel` or `user`",
    ({ line }) => line.stamps,
  ),
  moment("stamp_lag_mean_ms", "client's read − kernel timestamp, mean", ({ line }) => line.stampLagMeanMs),
  moment("stamp_lag_max_ms", "client's read − kernel timestamp, maximum", ({ line }) => line.stampLagMaxMs),
  column("reused", "boolean", "sent on a kept connection", ({ line }) => line.reused),
  column("retried", "boolean", "a stale kept connection was replaced", ({ line }) => line.retried),
];

/** Every column, in order; the names do not depend on the run. */
export const RECORD_COLUMNS: readonly RecordColumn[] = [
  ...PLACE,
  ...OUTCOME,
  ...MOMENTS,
  ...toMetricColumns(),
  ...FINISH,
  ...READING,
];

/**
 * The cell of a row, the same in every format; undefined if there is no value, or if the server's value has another type
 * than the column (for example, a fractional count).
 */
export function toCell({ type, of }: RecordColumn, record: RecordView): Cell {
  const value = of(record);
  if (type === "integer") return Number.isSafeInteger(value) ? value : undefined;
  if (type === "double") return typeof value === "number" ? value : undefined;
  // An unpaired surrogate cannot be written as UTF-8.
  return typeof value === "string" ? value.toWellFormed() : value;
}
