// k6's log lines → the messages that the user should see. Pure.
import { toPlainLine, toShortLine } from "../platform/plain-text.ts";

/** The text of `msg="…"` of a logfmt line; Go quotes it almost as JSON does. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/** Messages that the runner itself reports better: a stopped load and failed thresholds. */
const SAID_ELSEWHERE = [/^thresholds on metrics/, /test run was aborted/, /was interrupted$/];

/**
 * Whether a threshold ended the run before its end. k6 ends with the same code where one failed at the end; its last words
 * differ: "… at least one has abortOnFail enabled, stopping test prematurely" and "… have been crossed".
 */
export function isEndedByThreshold(lines: readonly string[]): boolean {
  return lines.some((line) => /thresholds on metrics .* stopping test prematurely/.test(line));
}

/**
 * @returns the message of a warning, an error, or a notice of the scenario (`console.info`), as one line with at most 500
 * characters; undefined for all other lines
 */
export function toK6Message(line: string): string | undefined {
  const level = /(?:^|\s)level=(\w+)/.exec(line)?.[1];
  const fromScript = /\ssource=(console|stacktrace)/.test(line);
  const isShown =
    level === "warning" || level === "error" || level === "fatal" || (level === "info" && fromScript);
  if (!isShown) return undefined;
  const quoted = /\smsg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  const text = quoted === undefined ? /\smsg=(\S+)/.exec(line)?.[1] : unquote(quoted);
  const message = text && toPlainLine(toShortLine(text));
  if (!message || SAID_ELSEWHERE.some((pattern) => pattern.test(message))) return undefined;
  return message.length > 500 ? `${message.slice(0, 499)}…` : message;
}
