// Messages about the window of a trace: what was left out, or why there is nothing to replay.
import { formatDuration, formatValue } from "../../../lib/core/units.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { Trace, TraceOptions } from "./trace.ts";

const count = (value: number) => formatValue(value, "count");
const requests = (value: number) => (value === 1 ? "1 request" : `${count(value)} requests`);

/** "from 1m 00s to 2m 00s", "from 0.0 s to its end" */
function describeWindow({ fromSeconds, forSeconds }: TraceOptions): string {
  const end = forSeconds === undefined ? "its end" : formatDuration((fromSeconds + forSeconds) * 1000);
  return `from ${formatDuration(fromSeconds * 1000)} to ${end}`;
}

/** Parts of a sentence on the rows that are not replayed; none if all are. */
function describeLeftOut({ beforeWindow, afterWindow, withoutOutput }: Trace["leftOut"]): string[] {
  const parts: [number, string][] = [
    [beforeWindow, "before the window"],
    [afterWindow, "after it"],
    [withoutOutput, "with 0 output tokens, which have failed"],
  ];
  return parts.filter(([rows]) => rows > 0).map(([rows, what]) => `${count(rows)} ${what}`);
}

/** "Trace azure.csv, read as `azure`: 1,200 requests in 10m 00s. Left out: 20 before the window, 300 after it." */
export function describeTrace(
  path: string,
  { format, requests: kept, leftOut, unreadFromLine }: Trace,
): string {
  const head = `Trace ${path}, read as \`${format}\`: ${requests(kept.length)} in ${formatDuration(kept.at(-1)?.offsetMs ?? 0)}.`;
  const parts = describeLeftOut(leftOut);
  if (unreadFromLine !== undefined)
    parts.push(`everything from line ${count(unreadFromLine)} on, far behind it`);
  return parts.length === 0 ? head : `${head} Left out: ${parts.join(", ")}.`;
}

/** @param lengthMs from the earliest request to the latest, in the trace's own time */
export function toEmptyError(
  path: string,
  options: TraceOptions,
  leftOut: Trace["leftOut"],
  lengthMs: number,
): UserError {
  const parts = describeLeftOut(leftOut).join(", ");
  return new UserError(
    `Trace ${path} has no request to replay ${describeWindow(options)}: it has ${parts}, its last request is at ${formatDuration(lengthMs)}. Choose another window with \`--trace-from\` and \`--trace-for\`.`,
    EXIT.usage,
  );
}

/** @param secondsInWindow when the first excess request is due, from the window's beginning */
export function toOverflowError(path: string, options: TraceOptions, secondsInWindow: number): UserError {
  const shorter = Math.floor(secondsInWindow);
  const remedy = shorter > 0 ? `, for instance \`--trace-for ${shorter}\`` : " by `--trace-for`";
  return new UserError(
    `Trace ${path} has more than ${requests(options.mostRequests)} ${describeWindow(options)}. Choose a shorter window${remedy}.`,
    EXIT.usage,
  );
}
