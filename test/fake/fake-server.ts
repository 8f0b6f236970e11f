// The fake LLM server: speaks like llama-server on 127.0.0.1, at exact times and with every fault a test wants.
//
// As a program: node test/fake/fake-server.ts --port 0 --behaviour NAME prints its URL as the first line.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";
import { isTranscribed, toApi } from "./api.ts";
import { type Behaviour, type BehaviourSource, type ChatBody, pickBehaviour } from "./behaviour.ts";
import { answerChat, sendPlain } from "./chat-answer.ts";
import { cutSocket, type Exchange } from "./exchange.ts";
import { createListener } from "./listener.ts";
import { namedBehaviours } from "./named-behaviours.ts";
import { nowUnixMs, type ReceivedRequest, toNote } from "./received-request.ts";
import { readBody } from "./request-body.ts";
import { answerRoute, type RouteOverrides } from "./routes.ts";
import { type Counters, emptyCounters } from "./server-counters.ts";

export type { Behaviour, BehaviourSource, Fault } from "./behaviour.ts";
export { namedBehaviours } from "./named-behaviours.ts";
export type { ReceivedRequest, SentEvent } from "./received-request.ts";
export type { RouteOverrides } from "./routes.ts";
export type { Counters } from "./server-counters.ts";

export interface FakeServerOptions {
  /** Default 0: a free port. */
  port?: number;
  behaviour?: BehaviourSource;
  /** Other answers for paths, for instance `{ "/health": { status: 503 } }`; "*" is every path. */
  routes?: RouteOverrides;
  /** TLS with the test certificate; "http2" offers HTTP/2 (and HTTP/1.1) over it. */
  tls?: boolean | "http2";
  /** Note each event in `ReceivedRequest.events` at its write. */
  logEvents?: boolean;
  /** What /v1/models and /props say. */
  model?: string;
  slots?: number;
  contextSize?: number;
}

export interface FakeServer {
  /** http://127.0.0.1:PORT, or https. */
  readonly url: string;
  readonly port: number;
  /** All requests, in the order of their arrival. */
  readonly requests: ReceivedRequest[];
  /** Those for text among them: chat and completions. */
  readonly chats: ReceivedRequest[];
  /** TCP connections opened so far, and those open now. */
  readonly connections: number;
  readonly openConnections: number;
  readonly counters: Counters;
  /** From the next request on; its index counts from 0 again. */
  setBehaviour(source: BehaviourSource): void;
  setRoutes(routes: RouteOverrides): void;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

/** The test certificate (its own authority, for localhost and 127.0.0.1): k6 takes it through SSL_CERT_FILE. */
export const testCertificatePath: string = new URL("./tls/test-certificate.pem", import.meta.url).pathname;

class LeftError extends Error {}

/** Starts the server; it answers when the promise resolves. */
export async function startFakeServer(options: FakeServerOptions = {}): Promise<FakeServer> {
  const requests: ReceivedRequest[] = [];
  const chats: ReceivedRequest[] = [];
  const counters = emptyCounters();
  const context = {
    model: options.model ?? "fake-model",
    slots: options.slots ?? 8,
    contextSize: options.contextSize ?? 4096,
    logEvents: options.logEvents === true,
    counters,
    slotsFreeMs: [] as number[],
  };
  // By the client's port: the socket that carries a request's ciphertext is not to be had from the request.
  const open = new Map<number, { socket: Socket; number: number; cutNext?: "fin" | "rst" }>();
  const closing = new AbortController();
  let connections = 0;
  let source: BehaviourSource = options.behaviour ?? {};
  let served = 0;
  let routes: RouteOverrides = options.routes ?? {};

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const connection = open.get(request.socket.remotePort ?? 0);
    if (connection === undefined) return;
    if (connection.cutNext !== undefined) {
      cutSocket(connection.socket, connection.cutNext);
      return;
    }
    const left = new AbortController();
    const note = toNote(request, requests.length, connection.number);
    requests.push(note);
    response.on("close", () => {
      if (note.ended === "open") note.ended = closing.signal.aborted ? "server_closed" : "client_left";
      if (note.endedUnixMs === 0) note.endedUnixMs = nowUnixMs();
      left.abort(new LeftError(note.ended));
    });
    response.on("error", () => {});
    const exchange: Exchange = { request, response, socket: connection.socket, note, signal: left.signal };
    try {
      note.body = await readBody(request);
      note.arrivedUnixMs = nowUnixMs();
      const override = routes[note.path] ?? routes["*"];
      if (override !== undefined) await answerOverride(exchange, override);
      else if ((toApi(note.path) !== undefined || isTranscribed(note.path)) && note.method === "POST") {
        chats.push(note);
        const behaviour = pickBehaviour(source, served++, (note.body ?? {}) as ChatBody);
        await answerChat(exchange, behaviour, context);
        afterAnswer(exchange, behaviour, connection);
      } else answerRoute(exchange, context);
      if (note.ended === "open" && response.writableEnded) note.ended = "whole";
    } catch (error) {
      if (!left.signal.aborted && !request.destroyed) throw error;
    }
  };

  const answerOverride = async (exchange: Exchange, behaviour: Behaviour): Promise<void> => {
    if (behaviour.fault !== undefined) await answerChat(exchange, behaviour, context);
    else sendPlain(exchange, { status: 200, ...behaviour });
  };

  const server = createListener(options.tls ?? false, (request, response) => {
    void onRequest(request, response);
  });
  server.on("connection", (socket: Socket) => {
    const port = socket.remotePort;
    if (port === undefined) return;
    open.set(port, { socket, number: ++connections });
    socket.on("error", () => {});
    socket.on("close", () => open.delete(port));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // A burst of thousands of connections must not meet a full queue.
    server.listen({ port: options.port ?? 0, host: "127.0.0.1", backlog: 4096 }, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    requests,
    chats,
    get connections() {
      return connections;
    },
    get openConnections() {
      return open.size;
    },
    counters,
    setBehaviour(next) {
      source = next;
      served = 0;
    },
    setRoutes(next) {
      routes = next;
    },
    async close() {
      closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { socket } of [...open.values()]) socket.destroy();
      await closed;
    },
  };
}

/** Arranges what happens to the kept connection after the answer. */
function afterAnswer(
  exchange: Exchange,
  behaviour: Behaviour,
  connection: { cutNext?: "fin" | "rst" },
): void {
  const fault = behaviour.fault;
  if (fault?.kind === "close_on_reuse") connection.cutNext = fault.end ?? "fin";
  if (fault?.kind === "close_idle") setTimeout(() => exchange.socket.end(), fault.afterMs + 10);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      behaviour: { type: "string", default: "plain" },
      /** A behaviour as JSON, instead of a name. */
      json: { type: "string" },
      model: { type: "string", default: "fake-model" },
      tls: { type: "boolean", default: false },
      http2: { type: "boolean", default: false },
      /** It ends by itself after this time, should the test that started it be gone. */
      "lifetime-s": { type: "string", default: "600" },
    },
  });
  const named = namedBehaviours[values.behaviour];
  if (values.json === undefined && named === undefined) {
    throw new Error(
      `Expected --behaviour to be one of ${Object.keys(namedBehaviours).join(", ")}, got \`${values.behaviour}\`.`,
    );
  }
  const behaviour = values.json === undefined ? named : (JSON.parse(values.json) as BehaviourSource);
  const server = await startFakeServer({
    port: Number(values.port),
    model: values.model,
    tls: values.http2 ? "http2" : values.tls,
    ...(behaviour === undefined ? {} : { behaviour }),
  });
  process.stdout.write(`${server.url}\n`);
  const stop = (): void => {
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  setTimeout(stop, Number(values["lifetime-s"]) * 1000);
}

if (import.meta.main) await main();
