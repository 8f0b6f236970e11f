// Reads an answer that is one document through `k6/http`, for a k6 with the community extension, which reads only streams.
import exec from "k6/execution";
import http from "k6/http";
import type { RecordParams } from "k6/x/sse";
import type { Dialect } from "../../core/request/dialect.ts";
import { createEventCollector } from "../../core/request/event-facts.ts";
import type { ErrorKind } from "../../core/request/facts.ts";
import type { Streamed } from "../request/stream.ts";

/** From k6's error codes: k6 drops the status of an answer that breaks off. */
function toErrorKind(code: number, message: string): ErrorKind {
  if (code === 1050) return "total_timeout";
  if (code === 1020) return "bad_url";
  if (code === 1110 || code === 1111) return "blocked";
  if (code >= 1100 && code < 1200) return "dns";
  if (code === 1211) return "connect_timeout";
  if (code >= 1210 && code < 1220) return "tcp";
  if (code >= 1300 && code < 1400) return "tls";
  return /EOF/.test(message) ? "eof" : "reset";
}

/**
 * Like `sse.record` of a document, with the facts that `k6/http` provides: the only limit is the total one, which also
 * ends a request that hangs up on purpose, and nothing remains of an answer that broke off.
 */
export function openDocument(url: string, params: RecordParams, dialect: Dialect): Streamed {
  const now = (): number => exec.instance.currentTestRunDuration;
  const { timeouts, tags = {}, body = "", headers = {}, method = "POST" } = params;
  const totalMs = (timeouts?.total ?? 600) * 1000;
  const abortMs = params.abortAfterMs ?? Number.POSITIVE_INFINITY;
  const { facts, gapsMs, addDocument } = createEventCollector(dialect, now(), params.text);
  facts.requestBytes = body.length;
  const response = http.request(method, url, body, {
    headers,
    tags,
    timeout: Math.min(totalMs, abortMs),
    responseType: "text",
  });
  facts.endMs = now();
  const { status, error, timings } = response;
  const text = typeof response.body === "string" ? response.body : "";
  const contentType = Object.entries(response.headers).find(([key]) => key.toLowerCase() === "content-type");
  if (status > 0) {
    facts.status = status;
    facts.headersMs = Math.max(facts.startMs, facts.endMs - timings.receiving);
  }
  if (contentType !== undefined) {
    facts.contentType = (contentType[1].split(";")[0] ?? "").trim().toLowerCase();
  }
  if (error !== "" && (status === 0 || status === 200)) {
    const kind = toErrorKind(response.error_code, error);
    facts.ended = facts.status === undefined ? "no_stream" : "error";
    facts.error =
      kind === "total_timeout" && abortMs < totalMs
        ? { kind: "aborted", message: "hung up on purpose" }
        : { kind, message: error };
  } else if (status !== 200 || !dialect.contentTypes.includes(facts.contentType ?? "application/json")) {
    facts.ended = "no_stream";
    if (text !== "") facts.body = text.slice(0, 1024);
  } else addDocument(text, facts.endMs);
  return { facts, gapsMs };
}
