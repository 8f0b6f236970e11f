// Sends one request and reads its token stream.
import sse, { type RecordParams } from "k6/x/sse";
import type { DialectName } from "../core/dialects/index.ts";
import type { Facts } from "../core/facts.ts";
import { loadPart } from "./parts.ts";

export interface Streamed {
  facts: Facts;
  /** The gaps between tokens, where they are not in k6's metric already. */
  gapsMs: number[];
}

/** This k6 has only the community extension, whose times are coarse. */
export const IS_COARSE: boolean = sse.record === undefined;

/** Blocks until the stream has ended; whatever the server does is in the facts. Undefined where the run ended first. */
export const stream: (url: string, params: RecordParams, dialect: DialectName) => Streamed | undefined =
  sse.record === undefined ? loadPart("open-stream").openStream : record;

function record(url: string, params: RecordParams, dialect: DialectName): Streamed | undefined {
  const facts = (sse.record as NonNullable<typeof sse.record>)(url, params, dialect);
  return facts === null ? undefined : { facts, gapsMs: [] };
}
