// The part for a k6 that has only the community extension.
import type { RecordParams } from "k6/x/sse";
import { DIALECTS, type DialectName } from "../../core/apis/apis.ts";
import { openDocument } from "../community/open-document.ts";
import { openStream as open } from "../community/open-stream.ts";
import type { Streamed } from "../request/stream.ts";

export { createK6Metrics } from "../community/k6-metrics.ts";

/** Sends a request and reads its answer: a stream or one document, depending on the dialect. */
export function openStream(url: string, params: RecordParams, name: DialectName): Streamed {
  return (DIALECTS[name].framing === "json" ? openDocument : open)(url, params, name);
}
