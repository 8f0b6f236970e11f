// The columns of the exported requests, one row each: CSV, Parquet and docs/layouts.md all read this table.
import { toSnake } from "../../../lib/core/key-names.ts";
import { fieldOf, METRICS, type Metric } from "../../../lib/core/request/metrics.ts";
import type { RequestDetails } from "../../../lib/core/request/request-details.ts";
import type { Unit } from "../../../lib/core/units.ts";
import { conversationOf, taskOf, turnOf } from "../../run-folder/request-labels.ts";
import { isMeasured } from "../../summary/tallies/tally.ts";
import type { RecordView } from "./record-view.ts";

export type Cell = string | number | boolean | undefined;
export type CellType = "text" | "integer" | "double" | "boolean";

export interface RecordColumn {
  name: string;
  type: CellType;
  unit: Unit | "";
  meaning: string;
  /** The value in a row; undefined where it is not known. */
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

/** The number in a label that every client writes itself. */
const toNumber = (label: string | undefined) =>
  label !== undefined && /^\d{1,15}$/.test(label) ? Number(label) : undefined;

/** Where the request stands in the run. */
const PLACE: RecordColumn[] = [
  count("id", "counts the requests of a k6 process as they were handed over, from 1", ({ line }) => line.id),
  column("row", "text", "id of the dataset's row", ({ line }) => line.labels.row || undefined),
  column("task", "text", "task of that row", ({ line }) => taskOf(line)),
  count("turn", "turn of a conversation, from 1", ({ line }) => turnOf(line)),
  count("turns", "planned turns of it", ({ line }) => conversationOf(line)?.turns),
  column("conversation", "text", "names the conversation", ({ line }) => conversationOf(line)?.id),
  count("client", "which client sent it", ({ line }) => toNumber(line.labels.client)),
  count("vu", "k6's number of that client", ({ line }) => line.vu),
  count("iteration", "k6's iteration of it", ({ line }) => line.iteration),
  column(
    "phase",
    "text",
    "`warmup`, `measure` or `cooldown`",
    ({ line }) => line.labels.phase || (isMeasured(line) ? "measure" : undefined),
  ),
];

const OUTCOME: RecordColumn[] = [
  column("verdict", "text", "what became of it", ({ details }) => details.verdict),
  column(
    "flags",
    "text",
    "flags, a space between two",
    ({ details }) => details.flags.join(" ") || undefined,
  ),
  count("status", "HTTP status", ({ line }) => line.status),
  column("error_kind", "text", "what went wrong below the answer", ({ line }) => line.error?.kind),
  column(
    "error_message",
    "text",
    "its message, or that of an error inside the stream",
    ({ line }) => line.error?.message ?? line.inBandError,
  ),
  column("finish_reason", "text", "as the server says it", ({ line }) => {
    const { finishReason } = line.fields;
    return finishReason === undefined ? undefined : String(finishReason);
  }),
  column("ended", "text", "`marker`, `eof`, `error` or `no_stream`", ({ line }) => line.ended),
  column(
    "document",
    "boolean",
    "asked for as a whole, not as a stream",
    ({ line }) => line.document ?? false,
  ),
  column("content_type", "text", "of the answer", ({ line }) => line.contentType),
];

/** Milliseconds since the journal's epoch. */
const MOMENTS: RecordColumn[] = [
  column(
    "start_unix_ms",
    "double",
    "start on the wall clock",
    ({ line, epochUnixMs }) => (epochUnixMs === undefined ? undefined : epochUnixMs + line.startMs),
    "ms",
  ),
  moment("scheduled_at_ms", "when it was due (open loop)", ({ line }) => line.scheduledMs),
  moment("start_at_ms", "handed over, its body built", ({ line }) => line.startMs),
  moment("connected_at_ms", "a new connection was ready", ({ line }) => line.connectedMs),
  moment("sent_at_ms", "its first byte was given to the kernel", ({ line }) => line.sentMs),
  moment("headers_at_ms", "the answer's headers were there", ({ line }) => line.headersMs),
  moment("first_token_at_ms", "first token", ({ line }) => line.firstTokenMs),
  moment("first_content_at_ms", "first content token", ({ line }) => line.firstContentMs),
  moment("last_token_at_ms", "last token", ({ line }) => line.lastTokenMs),
  moment("end_at_ms", "end of the stream, or the failure", ({ line }) => line.endMs),
];

/** The order of the metrics' columns; those of one unit are in the order of the table. */
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

/** The metrics with a value of their own for each request. */
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
    "finish reason `length`; of complete requests",
    ({ details }) => details.truncated,
  ),
  column(
    "stopped",
    "boolean",
    "finish reason `stop`; of complete requests",
    ({ details }) => details.stopped,
  ),
];

const READING: RecordColumn[] = [
  count("token_events", "events with a token", ({ line }) => line.tokenEvents),
  count("content_events", "… with content", ({ line }) => line.contentEvents),
  count("reasoning_events", "… with reasoning", ({ line }) => line.reasoningEvents),
  count("tool_call_events", "… with tool-call text", ({ line }) => line.toolCallEvents),
  count("merged_tokens", "token events that shared a read with a later one", ({ line }) => line.mergedTokens),
  count("malformed_events", "events that are no JSON", ({ line }) => line.malformedEvents),
  count("events", "events", ({ line }) => line.events),
  count("reads", "reads from the socket", ({ line }) => line.reads),
  count("bytes", "of the answer", ({ line }) => line.bytes, "bytes"),
  count("request_bytes", "of the request's body", ({ line }) => line.requestBytes, "bytes"),
  column("stamps", "text", "who stamped its tokens: `kernel` or `user`", ({ line }) => line.stamps),
  moment("stamp_lag_mean_ms", "our read − the kernel's stamp, mean", ({ line }) => line.stampLagMeanMs),
  moment("stamp_lag_max_ms", "… largest", ({ line }) => line.stampLagMaxMs),
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
 * The cell of a row, the same in every format; undefined where there is no such value, or where a server gave another type
 * than the column's (a count with a fraction, say).
 */
export function toCell({ type, of }: RecordColumn, record: RecordView): Cell {
  const value = of(record);
  if (type === "integer") return Number.isSafeInteger(value) ? value : undefined;
  if (type === "double") return typeof value === "number" ? value : undefined;
  // Half a surrogate pair cannot be written as UTF-8.
  return typeof value === "string" ? value.toWellFormed() : value;
}
