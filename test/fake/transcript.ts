// Plays a golden vector's answer as it was recorded: its bytes, one write a read, and its end.

import { readFileSync } from "node:fs";
import { cutConnection, type Exchange, writeAll } from "./exchange.ts";
import { waitUntil } from "./pacing.ts";

interface Transcript {
  chunks: { text?: string; base64?: string }[];
  close?: { how: "eof" | "reset" | "short" };
  given: { status: number; contentType: string };
}

/** Long enough for a client to read each write alone, most of the time. */
const PAUSE_MS = 5;

function readTranscript(name: string): Transcript {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8")) as Transcript;
}

/**
 * @param name of a file in test/golden, without its ending
 * @throws the signal's reason when the client leaves or the server closes first
 */
export async function playTranscript(exchange: Exchange, name: string): Promise<void> {
  const { chunks, close, given } = readTranscript(name);
  const { response, note, signal } = exchange;
  note.status = given.status;
  response.writeHead(given.status, given.contentType === "" ? {} : { "Content-Type": given.contentType });
  response.flushHeaders();
  let dueMs = performance.now();
  for (const { text = "", base64 } of chunks) {
    dueMs += PAUSE_MS;
    await waitUntil(dueMs, signal);
    await writeAll(exchange, base64 === undefined ? text : Buffer.from(base64, "base64"));
  }
  if (close === undefined || close.how === "eof") response.end();
  else await cutConnection(exchange, close.how === "reset" ? "rst" : "fin");
}
