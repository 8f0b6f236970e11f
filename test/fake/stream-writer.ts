// Writes the bytes of an event stream: plain, in pieces, or gzip encoded.

import { once } from "node:events";
import { constants, createGzip } from "node:zlib";
import { type Exchange, writeAll } from "./exchange.ts";

export interface StreamWriter {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** @param pieceBytes cuts each write into pieces of this size */
export function plainWriter(exchange: Exchange, pieceBytes: number | undefined): StreamWriter {
  return {
    async write(text) {
      if (pieceBytes === undefined) return writeAll(exchange, text);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        await writeAll(exchange, bytes.subarray(at, at + pieceBytes));
        // A turn of the event loop, or Node would join the pieces into one segment.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async end() {
      exchange.response.end();
    },
  };
}

/** Flushes after each write, so that an event can be read when it was sent. */
export function gzipWriter(exchange: Exchange): StreamWriter {
  const gzip = createGzip();
  const sent: Promise<void>[] = [];
  gzip.on("data", (bytes: Buffer) => sent.push(writeAll(exchange, bytes)));
  return {
    async write(text) {
      gzip.write(text);
      await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
      await Promise.all(sent.splice(0));
    },
    async end() {
      const ended = once(gzip, "end");
      gzip.end();
      await ended;
      await Promise.all(sent.splice(0));
      exchange.response.end();
    },
  };
}
