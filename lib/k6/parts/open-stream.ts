// The part for a k6 that has only the community extension.
import { SharedArray } from "k6/data";
import type { RecordParams } from "k6/x/sse";
import type { DialectName } from "../../core/apis/apis.ts";
import type { Dialect } from "../../core/request/dialect.ts";
import { openDocument } from "../community/open-document.ts";
import { openStream as open } from "../community/open-stream.ts";
import { loadPart } from "../parts.ts";
import type { Streamed } from "../request/stream.ts";

export { createK6Metrics } from "../community/k6-metrics.ts";

/** One client reads all dialects for the others, each of which needs one or two: they would be half of this part's code. */
const all = new SharedArray<Dialect>("dialects", () => loadPart("prepare").listDialects());
const used = new Map<DialectName, Dialect>();

function findDialect(name: DialectName): Dialect {
  const dialect = used.get(name) ?? (all.find((one) => one.name === name) as Dialect);
  used.set(name, dialect);
  return dialect;
}

/** Sends a request and reads its answer: a stream or one document, depending on the dialect. */
export function openStream(url: string, params: RecordParams, name: DialectName): Streamed {
  const dialect = findDialect(name);
  return (dialect.framing === "json" ? openDocument : open)(url, params, dialect);
}
