// Sends one request and reads its answer: a token stream, or one document.
import sse, { type RecordParams } from "k6/x/sse";
import type { DialectName } from "../../core/apis/apis.ts";
import type { Facts } from "../../core/request/facts.ts";
import { loadPart } from "../parts.ts";

export interface Streamed {
  facts: Facts;
  /** The gaps between tokens that are not in k6's metric already. */
  gapsMs: number[];
}

/** Looked up once: k6 creates the function at every access. */
const nativeRecord = sse.record;

/** This k6 has only the community extension, whose times are coarse. */
export const IS_COARSE: boolean = nativeRecord === undefined;

/** Blocks until the answer has ended; whatever the server does is in the facts. Undefined if the run ended first. */
export const stream: (url: string, params: RecordParams, dialect: DialectName) => Streamed | undefined =
  nativeRecord === undefined ? loadPart("open-stream").openStream : record;

function record(url: string, params: RecordParams, dialect: DialectName): Streamed | undefined {
  const facts = (nativeRecord as NonNullable<typeof sse.record>)(url, params, dialect);
  return facts === null ? undefined : { facts, gapsMs: [] };
}
