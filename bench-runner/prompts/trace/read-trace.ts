// Reads the requests of a trace within a window of its time, as arrivals to replay.
import { formatValue } from "../../../lib/core/units.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { TIME_FORMS, toCount } from "./arrival-time.ts";
import type { Trace, TraceOptions, TraceRequest } from "./trace.ts";
import { chooseColumns, TIME_COLUMN, type TraceColumns } from "./trace-formats.ts";
import { readTraceRows, type TraceRow, toRowError } from "./trace-rows.ts";
import { toEmptyError, toOverflowError } from "./trace-window.ts";

/** After this many consecutive rows beyond the window, the rest of the file is assumed to be later, too. */
const ROWS_AFTER_WINDOW = 100_000;

/** As long as the longest context of a model; anything longer is not a length. */
const MOST_TOKENS = 10_000_000;

interface Arrival extends Omit<TraceRequest, "offsetMs"> {
  timeMs: number;
}

interface Reading {
  columns: TraceColumns;
  arrivals: Arrival[];
  leftOut: Trace["leftOut"];
  unreadFromLine?: number;
  /** The origin of the window, the earliest and the latest time of any row, in ms of the trace. */
  originMs: number;
  earliestMs: number;
  latestMs: number;
}

function show(value: unknown): string {
  return value === undefined || value === "" ? "missing" : `\`${JSON.stringify(value).slice(0, 60)}\``;
}

function toTimeMs(path: string, { line, values }: TraceRow, columns: TraceColumns): number {
  const form = TIME_FORMS[columns.time];
  const timeMs = form.read(values[TIME_COLUMN]);
  if (timeMs !== undefined) return timeMs;
  throw toRowError(
    path,
    line,
    `: \`${TIME_COLUMN}\` is ${show(values[TIME_COLUMN])}, expected ${form.words}.`,
  );
}

function toTokens(path: string, { line, values }: TraceRow, column: string, least: 0 | 1): number {
  const tokens = toCount(values[column]);
  if (tokens !== undefined && tokens >= least && tokens <= MOST_TOKENS) return tokens;
  const expected = `expected a whole number from ${least} to ${formatValue(MOST_TOKENS, "count")}`;
  throw toRowError(path, line, `: \`${column}\` is ${show(values[column])}, ${expected}.`);
}

/** The numbers of the prompt's blocks; undefined if the row has none. */
function toBlocks(path: string, { line, values }: TraceRow): number[] | undefined {
  const { hash_ids: ids } = values;
  if (ids === undefined || ids === null) return undefined;
  const isSound =
    Array.isArray(ids) && ids.every((id) => Number.isSafeInteger(id) && id >= 0 && id < 2 ** 30);
  if (isSound) return ids.length === 0 ? undefined : ids;
  throw toRowError(
    path,
    line,
    `: \`hash_ids\` is ${show(ids)}, expected a list of whole numbers, 0 or above.`,
  );
}

/** One pass over the file. @param givenOriginMs origin of the window; default: the first row */
async function readWindow(path: string, options: TraceOptions, givenOriginMs?: number): Promise<Reading> {
  const { fromSeconds, forSeconds = Number.POSITIVE_INFINITY, mostRequests } = options;
  let reading: Reading | undefined;
  let rowsAfterWindow = 0;
  for await (const row of readTraceRows(path)) {
    const columns = reading?.columns ?? chooseColumns(path, row.values, options.format);
    const timeMs = toTimeMs(path, row, columns);
    reading ??= {
      columns,
      arrivals: [],
      leftOut: { beforeWindow: 0, afterWindow: 0, withoutOutput: 0 },
      originMs: givenOriginMs ?? timeMs,
      earliestMs: timeMs,
      latestMs: timeMs,
    };
    const { leftOut, arrivals } = reading;
    if (timeMs < reading.earliestMs) reading.earliestMs = timeMs;
    if (timeMs > reading.latestMs) reading.latestMs = timeMs;
    const seconds = (timeMs - reading.originMs) / 1000;
    if (seconds >= fromSeconds + forSeconds) {
      leftOut.afterWindow++;
      if (++rowsAfterWindow < ROWS_AFTER_WINDOW) continue;
      reading.unreadFromLine = row.line + 1;
      break;
    }
    rowsAfterWindow = 0;
    if (seconds < fromSeconds) {
      leftOut.beforeWindow++;
      continue;
    }
    const outputTokens = toTokens(path, row, columns.output, 0);
    if (outputTokens === 0) {
      leftOut.withoutOutput++;
      continue;
    }
    if (arrivals.length >= mostRequests) throw toOverflowError(path, options, seconds - fromSeconds);
    const promptTokens = toTokens(path, row, columns.prompt, 1);
    const blocks = columns.format === "mooncake" ? toBlocks(path, row) : undefined;
    arrivals.push({ timeMs, promptTokens, outputTokens, ...(blocks && { blocks }) });
  }
  if (reading !== undefined) return reading;
  throw new UserError(`Trace ${path} has no requests. Fetch it again.`, EXIT.usage);
}

/**
 * The requests in the window, by time.
 * @throws UserError if the file cannot be read, has no known layout, a malformed row, no request in the window or
 *   more than `mostRequests`: names the line and the remedy
 */
export async function readTrace(path: string, options: TraceOptions): Promise<Trace> {
  let reading = await readWindow(path, options);
  // An unordered file that begins with a later request: only a second pass can place its window.
  if (reading.earliestMs < reading.originMs) reading = await readWindow(path, options, reading.earliestMs);
  const { arrivals, columns, leftOut, unreadFromLine } = reading;
  arrivals.sort((a, b) => a.timeMs - b.timeMs);
  const [first] = arrivals;
  if (first === undefined) throw toEmptyError(path, options, leftOut, reading.latestMs - reading.originMs);
  const requests = arrivals.map(({ timeMs, ...lengths }) => ({
    offsetMs: Math.round(((timeMs - first.timeMs) / options.speedUp) * 1000) / 1000,
    ...lengths,
  }));
  const trace: Trace = { format: columns.format, requests, leftOut };
  if (unreadFromLine !== undefined) trace.unreadFromLine = unreadFromLine;
  return trace;
}
