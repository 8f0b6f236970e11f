// Reads a token stream through `sse.open`, which the community extension has too. Times are taken in JavaScript.
import exec from "k6/execution";
import sse, { type Client, type RecordParams } from "k6/x/sse";
import { hideIn, toSecrets } from "../../core/apis/headers.ts";
import type { Dialect } from "../../core/request/dialect.ts";
import { createEventCollector } from "../../core/request/event-facts.ts";
import type { ErrorKind, Facts } from "../../core/request/facts.ts";
import type { Streamed } from "../request/stream.ts";

/** What the extension says of a line that is no field of the standard: not an error of the connection. */
const UNKNOWN_LINE = /^unknown event: ([^:\s]+): ?(.*\S)?\s*$/;

let hasWarned = false;

/** Says once, for all clients, that tokens are missing: no journal has the paths. */
function warnUnread({ unread }: Facts): void {
  if (hasWarned || unread === undefined || exec.vu.idInTest !== 1) return;
  hasWarned = true;
  const paths = unread.map((path) => `\`${path}\``).join(", ");
  console.warn(`Tokens are missing: answers have texts at ${paths}, which is not read.`);
}

function toErrorKind(message: string, status: number | undefined): ErrorKind {
  if (/timeout|deadline/i.test(message)) return "total_timeout";
  if (status !== undefined) return "reset";
  if (/lookup|no such host/.test(message)) return "dns";
  return /tls|x509|certificate/.test(message) ? "tls" : "tcp";
}

/**
 * Like `sse.record`, with the facts that `sse.open` provides: the only limit is the total one, and a request that hangs
 * up after a time does so at the next event.
 */
export function openStream(url: string, params: RecordParams, dialect: Dialect): Streamed {
  // Finer than Date.now(), and it never jumps.
  const now = (): number => exec.instance.currentTestRunDuration;
  const { timeouts, tags = {}, body = "", headers = {}, method = "POST" } = params;
  const { facts, gapsMs, add, addError, finish } = createEventCollector(dialect, now(), params.text);
  facts.requestBytes = body.length;
  // A server may repeat a key, and any of these headers may contain one.
  const { Accept: _, "Content-Type": __, ...others } = headers;
  const hide = (text: string) => hideIn(text, Object.values(others).flatMap(toSecrets));
  const abortTokens = params.abortAfterTokens ?? Number.POSITIVE_INFINITY;
  const abortAtMs = facts.startMs + (params.abortAfterMs ?? Number.POSITIVE_INFINITY);
  let message = "";
  const timeout = `${timeouts?.total ?? 600}s`;
  const response = sse.open(url, { method, headers, body, tags, timeout }, (client: Client) => {
    client.on("open", () => {
      facts.headersMs = now();
    });
    client.on("event", (event) => {
      const isOver = add(event.data, event.name, now());
      if (!isOver && (facts.tokenEvents >= abortTokens || now() >= abortAtMs)) {
        facts.error = { kind: "aborted", message: "hung up on purpose" };
      }
      if (isOver || facts.error) client.close();
    });
    client.on("error", (error) => {
      const text = error.error();
      const [, field, value = ""] = UNKNOWN_LINE.exec(text) ?? [];
      // The standard ignores fields that it does not know; the extension goes on reading, too.
      if (field === "error") addError(hide(value));
      else if (field === undefined) {
        message = text;
        client.close();
      }
    });
  });
  const ended = facts.ended === "marker";
  if (!ended) {
    facts.endMs = now();
    finish();
  }
  if (response.status > 0) facts.status = response.status;
  const contentType = response.headers?.["Content-Type"]?.split(";")[0]?.trim().toLowerCase();
  if (contentType !== undefined) facts.contentType = contentType;
  message = hide(message || (response.error ?? ""));
  if (!ended && facts.error) facts.ended = "error";
  else if (!ended && message !== "") {
    facts.error = { kind: toErrorKind(message, facts.status), message };
    facts.ended = "error";
  }
  if (facts.status !== 200 || !dialect.contentTypes.includes(contentType ?? "text/event-stream")) {
    facts.ended = "no_stream";
    if (response.body) facts.body = hide(response.body);
  }
  warnUnread(facts);
  return { facts, gapsMs };
}
