// A run folder with any number of made-up requests, for what it costs to make results of many.
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../lib/core/prompts/random.ts";
import type { RequestLine } from "../lib/core/request/facts.ts";

const TASKS = ["chat", "code", "rag", "summarization"];
const TURNS = 4;
const CLIENTS = 64;
/** Token gaps of an answer, on average. */
const MEAN_GAPS = 30;
/** The number of requests with which each client warms the server up. */
const WARMUP_REQUESTS = 20;
/** Lines are written in pieces of about this size. */
const PIECE_CHARACTERS = 1 << 20;
const EPOCH_UNIX_MS = 1_700_000_000_000;

/** A client with the request that it has open. */
interface Client {
  number: number;
  sent: number;
  line: RequestLine;
}

/**
 * Writes a closed loop of conversations, with four tasks, four turns, a warm-up and every hundredth request broken.
 * @param folder is there
 */
export function writeMadeRun(folder: string, requests: number): void {
  const write = (name: string, content: object) =>
    writeFileSync(join(folder, name), `${JSON.stringify(content)}\n`);
  const lastEndMs = writeJournal(join(folder, "records.jsonl"), requests);
  write("config.json", {
    schema: "server-bench/config/1",
    name: "made-up",
    serverStartedHere: false,
    serverUrl: "http://127.0.0.1:8080",
    scenario: "dist/closed.js",
    kind: "closed",
    vus: CLIENTS,
    iterations: requests,
    durationSeconds: Math.ceil(lastEndMs / 1000) + 60,
    values: { maxTokens: 2 * MEAN_GAPS + 1 },
    origins: {},
    commands: {},
  });
  write("outcome.json", {
    schema: "server-bench/outcome/1",
    startedUnixMs: EPOCH_UNIX_MS,
    endedUnixMs: EPOCH_UNIX_MS + Math.ceil(lastEndMs),
    partial: false,
    k6ExitCode: 0,
    serverMetrics: false,
  });
}

/** The requests in the order in which they ended. @returns when the last one did */
function writeJournal(path: string, requests: number): number {
  const random = createRandom(1);
  const file = openSync(path, "w");
  let piece = `${JSON.stringify({
    type: "header",
    schema: "server-bench/records/1",
    epochUnixMs: EPOCH_UNIX_MS,
    pid: 1,
    k6Version: "v2.2.0",
    extensionVersion: "0.1.0",
    stamps: "kernel",
  })}\n`;
  let id = 0;
  const send = (number: number, sent: number, startMs: number): Client => {
    id += 1;
    return { number, sent: sent + 1, line: makeLine(random, id, number, sent, startMs) };
  };
  const clients = Array.from({ length: CLIENTS }, (_, index) => send(index + 1, 0, 50 + index));
  let lastEndMs = 0;
  for (let written = 0; written < requests; written += 1) {
    const first = clients.reduce((a, b) => (b.line.endMs < a.line.endMs ? b : a));
    lastEndMs = first.line.endMs;
    piece += `${JSON.stringify(first.line)}\n`;
    if (piece.length > PIECE_CHARACTERS) {
      writeSync(file, piece);
      piece = "";
    }
    clients[first.number - 1] = send(first.number, first.sent, toMicros(lastEndMs + 0.05));
  }
  writeSync(file, `${piece}${JSON.stringify({ type: "end", tMs: lastEndMs, requests })}\n`);
  closeSync(file);
  return lastEndMs;
}

const toMicros = (ms: number) => Math.round(ms * 1000) / 1000;

function makeLine(
  random: () => number,
  id: number,
  client: number,
  sent: number,
  startMs: number,
): RequestLine {
  const between = (low: number, high: number) => low + random() * (high - low);
  const talk = Math.floor(sent / TURNS);
  const turn = (sent % TURNS) + 1;
  const task = TASKS[(client + talk) % TASKS.length] as string;
  const gapsUs = Array.from({ length: Math.floor(between(MEAN_GAPS / 2, MEAN_GAPS * 1.5)) }, () =>
    Math.floor(6000 * Math.exp(between(0, 1.5)) + (random() < 0.002 ? 200_000 : 0)),
  );
  const sentMs = toMicros(startMs + between(0.02, 0.2));
  const firstTokenMs = toMicros(sentMs + 40 * Math.exp(between(0, 2)));
  const lastTokenMs = toMicros(firstTokenMs + gapsUs.reduce((sum, gapUs) => sum + gapUs, 0) / 1000);
  const tokens = gapsUs.length + 1;
  const promptTokens = turn * 60 + Math.floor(between(0, 400));
  const cachedTokens = turn === 1 ? 0 : (turn - 1) * 60;
  const isBroken = random() < 0.01;
  const firstSecond = Math.floor(firstTokenMs / 1000);
  return {
    type: "request",
    id,
    vu: client,
    iteration: Math.floor(id / TURNS),
    scenario: "default",
    labels: {
      client: String(client),
      conversation: `${client}-${talk}`,
      phase: sent < WARMUP_REQUESTS ? "warmup" : "measure",
      row: `${task}-${String(talk % 100).padStart(3, "0")}`,
      task,
      turn: String(turn),
      turns: String(TURNS),
    },
    startMs,
    ...(sent === 0 && { connectedMs: toMicros(startMs + 0.01) }),
    sentMs,
    headersMs: toMicros(sentMs + 2),
    firstTokenMs,
    firstContentMs: firstTokenMs,
    lastTokenMs,
    endMs: toMicros(lastTokenMs + between(0, 1)),
    status: 200,
    contentType: "text/event-stream",
    ended: isBroken ? "error" : "marker",
    ...(isBroken && { error: { kind: "reset", message: "connection reset by peer" } }),
    stamps: "kernel",
    stampLagMeanMs: toMicros(between(0.02, 0.1)),
    stampLagMaxMs: toMicros(between(0.1, 1)),
    mergedTokens: 0,
    tokenEvents: tokens,
    contentEvents: tokens,
    reasoningEvents: 0,
    toolCallEvents: 0,
    reads: tokens,
    events: tokens + 3,
    malformedEvents: 0,
    bytes: tokens * 230,
    fields: isBroken
      ? {}
      : {
          cachedTokens,
          completionTokens: tokens,
          finishReason: random() < 0.2 ? "length" : "stop",
          promptTokens,
          serverCachedTokens: cachedTokens,
          serverPredictedMs: toMicros(lastTokenMs - firstTokenMs),
          serverPredictedTokens: tokens,
          serverPredictedTokensPerSecond: toMicros((1000 * tokens) / (lastTokenMs - firstTokenMs)),
          serverPromptMs: toMicros(firstTokenMs - sentMs),
          serverPromptTokens: promptTokens - cachedTokens,
          serverPromptTokensPerSecond: toMicros(
            (1000 * (promptTokens - cachedTokens)) / (firstTokenMs - sentMs),
          ),
          totalTokens: promptTokens + tokens,
        },
    reused: sent > 0,
    retried: false,
    requestBytes: 4 * promptTokens,
    gapsUs,
    tokensBySecond: [[firstSecond, tokens]],
  };
}
