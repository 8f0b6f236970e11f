// The fake server is what the end-to-end tests trust; here it is checked over real sockets.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import {
  type Behaviour,
  type FakeServer,
  type FakeServerOptions,
  type Fault,
  startFakeServer,
  testCertificatePath,
} from "./fake-server.ts";
import { askRaw } from "./raw-client.ts";

const running: FakeServer[] = [];

async function start(options: FakeServerOptions = {}): Promise<FakeServer> {
  const server = await startFakeServer(options);
  running.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** 4 words, so 5 prompt tokens. */
const chat = {
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello  there" },
  ],
  stream: true,
  stream_options: { include_usage: true },
};

interface Chunk {
  choices: { finish_reason: string | null; delta: Record<string, unknown> }[];
  usage?: {
    prompt_tokens: number;
    completion_tokens: number;
    prompt_tokens_details: { cached_tokens: number };
  };
  timings?: { predicted_n: number };
}

function toChunks(events: string[]): Chunk[] {
  return events.filter((event) => event !== "[DONE]").map((event) => JSON.parse(event) as Chunk);
}

function countDeltas(events: string[], key: string): number {
  return toChunks(events).filter((chunk) => typeof chunk.choices[0]?.delta[key] === "string").length;
}

async function untilEnded(server: FakeServer, index = 0): Promise<string> {
  for (let i = 0; i < 500 && (server.chats[index]?.endedUnixMs ?? 0) === 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return server.chats[index]?.ended ?? "never arrived";
}

describe("a streamed answer", () => {
  it("is a role event, the tokens, a finish, the usage with timings, and the end marker", async () => {
    const server = await start({ behaviour: { tokens: 3, cachedTokens: 2 } });
    const answer = await askRaw(server.url, chat);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/event-stream");
    expect(answer.finished).toBe(true);
    expect(answer.events.at(-1)).toBe("[DONE]");
    const chunks = toChunks(answer.events);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: "assistant", content: null },
      { content: "The" },
      { content: " quick" },
      { content: " brown" },
      {},
      undefined,
    ]);
    expect(chunks[4]?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks[5]?.usage).toEqual({
      completion_tokens: 3,
      prompt_tokens: 5,
      total_tokens: 8,
      prompt_tokens_details: { cached_tokens: 2 },
    });
    expect(chunks[5]?.timings?.predicted_n).toBe(3);
    expect(server.chats[0]).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      body: chat,
      connection: 1,
      status: 200,
      sentTokens: 3,
      promptTokens: 5,
      cachedTokens: 2,
      finishReason: "stop",
      sentUsage: true,
      ended: "whole",
    });
  });

  it("stops at max_tokens with the finish reason length", async () => {
    const server = await start({ behaviour: { tokens: 10 } });
    const answer = await askRaw(server.url, { ...chat, max_tokens: 4 });
    expect(countDeltas(answer.events, "content")).toBe(4);
    expect(toChunks(answer.events)[5]?.choices[0]?.finish_reason).toBe("length");
  });

  const forms: [
    sentence: string,
    behaviour: Behaviour,
    body: object,
    check: (events: string[], text: string) => void,
  ][] = [
    [
      "has no usage unless asked for",
      {},
      { stream_options: undefined },
      (events) => expect(events.join()).not.toContain('"usage"'),
    ],
    [
      "has usage unasked on demand",
      { usage: "always" },
      { stream_options: undefined },
      (events) => expect(events.join()).toContain('"usage"'),
    ],
    [
      "has no usage on demand",
      { usage: "never" },
      {},
      (events) => expect(events.join()).not.toContain('"usage"'),
    ],
    [
      "claims other tokens than it sends",
      { tokens: 2, claimedTokens: 9 },
      {},
      (events) => expect(events.join()).toContain('"completion_tokens":9'),
    ],
    [
      "has no end marker on demand",
      { endMarker: false },
      {},
      (events) => expect(events).not.toContain("[DONE]"),
    ],
    [
      "has no finish reason on demand",
      { finishReason: null },
      {},
      (events) => expect(events.join()).not.toContain('"finish_reason":"'),
    ],
    [
      "reasons first",
      { reasoningTokens: 2, tokens: 3 },
      {},
      (events) => {
        expect(
          toChunks(events)
            .slice(1, 6)
            .map((chunk) => Object.keys(chunk.choices[0]?.delta ?? {})[0]),
        ).toEqual(["reasoning_content", "reasoning_content", "content", "content", "content"]);
      },
    ],
    [
      "calls tools",
      { tokens: 0, toolCallTokens: 2 },
      {},
      (events) => {
        expect(events.filter((event) => event.includes('"tool_calls":['))).toHaveLength(2);
        expect(events.join()).toContain('"finish_reason":"tool_calls"');
      },
    ],
    [
      "has empty deltas",
      { emptyDeltas: 2, tokens: 1 },
      {},
      (events) => {
        expect(
          toChunks(events)
            .slice(1, 3)
            .map((chunk) => chunk.choices[0]?.delta),
        ).toEqual([{ content: "" }, {}]);
      },
    ],
    [
      "ends its lines with CRLF",
      { lineEnd: "crlf", tokens: 2 },
      {},
      (events, text) => {
        expect(text).toMatch(/\r\n\r\n$/);
        expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
        expect(events.at(-1)).toBe("[DONE]");
      },
    ],
    [
      "ends its lines with CR",
      { lineEnd: "cr", tokens: 2 },
      {},
      (events, text) => {
        expect(text).not.toContain("\n");
        expect(events.at(-1)).toBe("[DONE]");
      },
    ],
    [
      "starts with a byte order mark",
      { bom: true },
      {},
      (_, text) => expect(text.startsWith("\uFEFFdata: ")).toBe(true),
    ],
    [
      "comes in pieces",
      { pieceBytes: 7, tokens: 13 },
      {},
      (events) => {
        expect(countDeltas(events, "content")).toBe(13);
        expect(events.join()).toContain("Zoë");
      },
    ],
    [
      "has events of any size",
      { tokens: 2, tokenBytes: 300_000 },
      {},
      (events) => expect(events[2]?.length).toBeGreaterThan(300_000),
    ],
    [
      "pings while it waits",
      { firstTokenDelayMs: 80, pingEveryMs: 10 },
      {},
      (_, text) => expect(text).toContain("\n\n:\n\n"),
    ],
  ];
  it.each(forms)("%s", async (_, behaviour, body, check) => {
    const server = await start({ behaviour });
    const answer = await askRaw(server.url, { ...chat, ...body });
    expect(answer.finished).toBe(true);
    check(answer.events, answer.text);
  });

  it("is ended by the end of the connection when it has no length", async () => {
    const server = await start({ behaviour: { untilClose: true, tokens: 2 } });
    const answer = await askRaw(server.url, chat);
    expect(answer.headers["transfer-encoding"]).toBeUndefined();
    expect(answer.headers["content-length"]).toBeUndefined();
    expect(answer.events.at(-1)).toBe("[DONE]");
    expect(answer.end).toBe("fin");
  });

  it("is one JSON document for a request without stream", async () => {
    const server = await start({ behaviour: { tokens: 2 } });
    const answer = await askRaw(server.url, { ...chat, stream: false });
    expect(JSON.parse(answer.text)).toMatchObject({
      choices: [{ finish_reason: "stop", message: { role: "assistant", content: "The quick" } }],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    });
  });
});

describe("a completion", () => {
  const prompt = { prompt: "Once upon a time", stream: true, stream_options: { include_usage: true } };
  const path = "/v1/completions";

  it("is its text in pieces, a finish, the usage with timings, and the end marker; no role event", async () => {
    const server = await start({ behaviour: { tokens: 2, reasoningTokens: 3 } });
    const answer = await askRaw(server.url, prompt, { path });
    const chunks = answer.events.slice(0, -1).map((event) => JSON.parse(event) as object);
    expect(answer.events.at(-1)).toBe("[DONE]");
    expect(chunks).toMatchObject([
      { object: "text_completion", choices: [{ text: "The", finish_reason: null }] },
      { choices: [{ text: " quick", finish_reason: null }] },
      { choices: [{ text: "", finish_reason: "stop" }] },
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 }, timings: { predicted_n: 2 } },
    ]);
    expect(server.chats[0]).toMatchObject({ sentTokens: 2, promptTokens: 5, finishReason: "stop" });
  });

  it("is one JSON document for a request without stream", async () => {
    const server = await start({ behaviour: { tokens: 2 } });
    const answer = await askRaw(server.url, { ...prompt, stream: false, max_tokens: 1 }, { path });
    expect(JSON.parse(answer.text)).toMatchObject({
      object: "text_completion",
      choices: [{ finish_reason: "length", text: "The" }],
      usage: { prompt_tokens: 5, completion_tokens: 1 },
    });
  });
});

describe("an answer that is one document", () => {
  const ask = async (behaviour: Behaviour, waitMs = 100) => {
    const server = await start({ behaviour });
    const answer = await askRaw(server.url, { ...chat, stream: false }, { waitMs, untilEnd: true });
    return { answer, note: server.chats[0] };
  };

  it.each(["fin", "rst"] as const)("is cut in the middle of its body by %s", async (kind) => {
    const { answer, note } = await ask({ fault: { kind, afterTokens: 3 } }, 2000);
    expect(answer).toMatchObject({ status: 200, finished: false, end: kind });
    expect(answer.text).toMatch(/^\{"choices":/);
    expect(note).toMatchObject({ ended: "cut", sentTokens: 16 });
  });

  it.each([
    ["stall", '{"choices":'],
    ["no_first_token", ""],
  ] as const)("stays silent: %s", async (kind, start) => {
    const { answer } = await ask({ fault: { kind, afterTokens: 3 } as Fault });
    expect(answer).toMatchObject({ status: 200, finished: false, end: "open" });
    expect(answer.text.slice(0, 11)).toBe(start);
  });

  it("is an error, or stops short, with the length that it says", async () => {
    const error = await ask({ fault: { kind: "error_event", afterTokens: 3 } });
    expect(error.answer).toMatchObject({ status: 200, finished: true });
    expect(JSON.parse(error.answer.text)).toMatchObject({ error: { code: 500 } });
    const short = await ask({ fault: { kind: "malformed_event", afterTokens: 3 } });
    expect(short.answer.finished).toBe(true);
    expect(() => JSON.parse(short.answer.text)).toThrow();
  });

  it("has reasoning and tool calls in its message", async () => {
    const { answer } = await ask({ tokens: 1, reasoningTokens: 1, toolCallTokens: 1 });
    expect(JSON.parse(answer.text)).toMatchObject({
      choices: [
        {
          finish_reason: "tool_calls",
          message: { reasoning_content: "The", content: " quick", tool_calls: [{ type: "function" }] },
        },
      ],
      usage: { completion_tokens: 3 },
    });
  });

  it("is compressed, comes in pieces, or ends with its connection", async () => {
    const zipped = await ask({ fault: { kind: "gzip" } });
    expect(JSON.parse(gunzipSync(zipped.answer.body).toString())).toHaveProperty("usage");
    const pieces = await ask({ pieceBytes: 7 });
    expect(JSON.parse(pieces.answer.text)).toHaveProperty("usage");
    const open = await ask({ untilClose: true }, 2000);
    expect(open.answer.headers["content-length"]).toBeUndefined();
    expect(open.answer.end).toBe("fin");
    expect(JSON.parse(open.answer.text)).toHaveProperty("usage");
  });
});

describe("the schedule", () => {
  it("never sends an event before it is due, and stamps each event in order", async () => {
    const behaviour = { headersDelayMs: 30, firstTokenDelayMs: 40, tokenDelayMs: 10, tokens: 6 };
    const server = await start({ behaviour, logEvents: true });
    await askRaw(server.url, chat);
    const note = server.chats[0];
    const offsets = (note?.events ?? []).map((event) => event.unixMs - (note?.arrivedUnixMs ?? 0));
    expect(note?.events.map((event) => event.kind)).toEqual([
      "role",
      ...Array(6).fill("content"),
      "finish",
      "usage",
      "done",
    ]);
    const due = [70, 70, 80, 90, 100, 110, 120, 120, 120, 120];
    // A thousandth of a millisecond: Unix milliseconds have no finer digits in a double.
    for (const [i, offset] of offsets.entries()) expect(offset).toBeGreaterThan((due[i] ?? 0) - 0.001);
    expect(offsets.toSorted((a, b) => a - b)).toEqual(offsets);
  });
});

describe("the writes", () => {
  const kinds = async (behaviour: Behaviour): Promise<string[]> => {
    const server = await start({ behaviour, logEvents: true });
    await askRaw(server.url, chat);
    const writes: string[] = [];
    for (const { kind, write } of server.chats[0]?.events ?? []) {
      writes[write] = writes[write] === undefined ? kind : `${writes[write]}+${kind}`;
    }
    return writes;
  };

  it("are llama-server's: role with the first token, usage with the finish", async () => {
    expect(await kinds({ tokens: 2 })).toEqual(["role+content", "content", "finish+usage", "done"]);
  });

  it("have the role event alone where it leaves with the headers", async () => {
    const writes = await kinds({ tokens: 1, roleAt: "headers" });
    expect(writes).toEqual(["role", "content", "finish+usage", "done"]);
  });

  it("hold as many tokens as asked for", async () => {
    const writes = await kinds({ tokens: 3, eventsPerWrite: 2 });
    expect(writes).toEqual(["role+content+content", "content", "finish+usage", "done"]);
  });
});

describe("a fault", () => {
  /** What each leaves on the wire: content tokens, how the connection ended, and how the server noted it. */
  const cuts: [sentence: string, fault: Fault, tokens: number, end: string, noted: string][] = [
    ["fin after 3 tokens", { kind: "fin", afterTokens: 3 }, 3, "fin", "cut"],
    ["fin after 0 tokens", { kind: "fin", afterTokens: 0 }, 0, "fin", "cut"],
    ["rst after 3 tokens", { kind: "rst", afterTokens: 3 }, 3, "rst", "cut"],
    ["half an event, then fin", { kind: "half_event", afterTokens: 3 }, 3, "fin", "cut"],
    ["half an event, then rst", { kind: "half_event", afterTokens: 3, end: "rst" }, 3, "rst", "cut"],
    ["a stall after 3 tokens", { kind: "stall", afterTokens: 3 }, 3, "open", "client_left"],
    ["no first token", { kind: "no_first_token" }, 0, "open", "client_left"],
  ];
  it.each(cuts)("%s", async (_, fault, tokens, end, noted) => {
    const server = await start({ behaviour: { fault, tokens: 10 } });
    const answer = await askRaw(server.url, chat, { waitMs: end === "open" ? 150 : 5000 });
    const whole = fault.kind === "half_event" ? answer.events.slice(0, -1) : answer.events;
    expect(countDeltas(whole, "content")).toBe(tokens);
    expect(answer.finished).toBe(false);
    expect(answer.end).toBe(end);
    expect(await untilEnded(server)).toBe(noted);
    expect(server.chats[0]?.sentTokens).toBe(tokens);
    expect(server.counters.predictedTokens).toBe(tokens);
  });

  it("half an event leaves data that is no JSON", async () => {
    const server = await start({ behaviour: { fault: { kind: "half_event", afterTokens: 1 } } });
    const last = (await askRaw(server.url, chat)).events.at(-1) ?? "";
    expect(last).toMatch(/^\{"choices"/);
    expect(() => JSON.parse(last)).toThrow(SyntaxError);
  });

  const silent: [sentence: string, fault: Fault, end: string][] = [
    ["never sends headers", { kind: "no_headers" }, "open"],
    ["cuts before the headers with fin", { kind: "cut_before_headers" }, "fin"],
    ["cuts before the headers with rst", { kind: "cut_before_headers", end: "rst" }, "rst"],
  ];
  it.each(silent)("%s", async (_, fault, end) => {
    const server = await start({ behaviour: { fault } });
    const answer = await askRaw(server.url, chat, { waitMs: end === "open" ? 100 : 5000 });
    expect(answer.body).toHaveLength(0);
    expect(answer.end).toBe(end);
  });

  it("sends pings only", async () => {
    const server = await start({ behaviour: { fault: { kind: "ping_only" }, pingEveryMs: 5 } });
    const answer = await askRaw(server.url, chat, { waitMs: 100 });
    expect(answer.text).toMatch(/^(:\n\n)+$/);
  });

  const streams: [sentence: string, fault: Fault, check: (events: string[]) => void][] = [
    [
      "puts a malformed event among good ones",
      { kind: "malformed_event", afterTokens: 2 },
      (events) => {
        expect(() => JSON.parse(events[3] ?? "")).toThrow(SyntaxError);
        expect(countDeltas(events.toSpliced(3, 1), "content")).toBe(4);
      },
    ],
    [
      "starts with an error",
      { kind: "error_event", afterTokens: 0 },
      (events) => {
        expect(events.map((event) => Object.keys(JSON.parse(event) as object))).toEqual([["error"]]);
      },
    ],
    [
      "ends with an error after 2 tokens",
      { kind: "error_event", afterTokens: 2 },
      (events) => {
        expect(countDeltas(events.slice(0, -1), "content")).toBe(2);
        expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ error: { code: 500 } });
      },
    ],
    [
      "goes on after [DONE]",
      { kind: "events_after_done", events: 2 },
      (events) => {
        expect(events.indexOf("[DONE]")).toBe(events.length - 3);
      },
    ],
    [
      "is empty",
      { kind: "empty_answer" },
      (events) => {
        expect(countDeltas(events, "content")).toBe(0);
        expect(events.join()).not.toContain('"finish_reason":"');
        expect(events.at(-1)).toBe("[DONE]");
      },
    ],
    [
      "stops at once",
      { kind: "stop_at_once" },
      (events) => {
        expect(countDeltas(events, "content")).toBe(0);
        expect(events.join()).toContain('"finish_reason":"stop"');
      },
    ],
  ];
  it.each(streams)("%s", async (_, fault, check) => {
    const server = await start({ behaviour: { fault, tokens: 4 } });
    const answer = await askRaw(server.url, chat);
    expect(answer.finished).toBe(true);
    check(answer.events);
  });

  it("encodes the stream with gzip", async () => {
    const server = await start({ behaviour: { fault: { kind: "gzip" }, tokens: 4 } });
    const answer = await askRaw(server.url, chat);
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(answer.body).toString()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it("closes the kept connection after the answer", async () => {
    const server = await start({ behaviour: { fault: { kind: "close_idle", afterMs: 5 } } });
    const answer = await askRaw(server.url, chat, { untilEnd: true });
    expect(answer.finished).toBe(true);
    expect(answer.end).toBe("fin");
    expect(server.chats[0]?.ended).toBe("whole");
  });

  it.each(["fin", "rst"] as const)("cuts a kept connection with %s when it is used again", async (end) => {
    const server = await start({ behaviour: { fault: { kind: "close_on_reuse", end } } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await post(server.url, agent)).toBe("200");
    expect(await post(server.url, agent)).toBe("ECONNRESET");
    expect(await post(server.url, agent)).toBe("200");
    expect(server.connections).toBe(2);
    expect(server.chats).toHaveLength(2);
    agent.destroy();
  });
});

/** Posts the chat with Node's client. @returns the status, or the error's code */
function post(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(`${url}/v1/chat/completions`, { method: "POST", agent }, (response) => {
      response.resume();
      response.on("end", () => setImmediate(resolve, String(response.statusCode)));
    });
    sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(JSON.stringify(chat));
  });
}

describe("an answer that is no stream", () => {
  const answers: [sentence: string, behaviour: Behaviour, status: number, text: RegExp][] = [
    ["a JSON error", { status: 401 }, 401, /^\{"error":\{"code":401,.*"authentication_error"\}\}$/],
    [
      "a page of HTML",
      { status: 502, contentType: "text/html", body: "<html></html>" },
      502,
      /^<html><\/html>$/,
    ],
    ["an empty body", { status: 500, body: "" }, 500, /^$/],
    ["a huge body", { status: 500, body: "x".repeat(3_000_000) }, 500, /^x{3000000}$/],
    ["a 200 of the wrong type", { contentType: "text/html", body: "<p>Sign in</p>" }, 200, /^<p>/],
    ["a redirect", { redirect: { status: 308, to: "/elsewhere" } }, 308, /^$/],
  ];
  it.each(answers)("is %s", async (_, behaviour, status, text) => {
    const server = await start({ behaviour });
    const answer = await askRaw(server.url, chat);
    expect(answer.status).toBe(status);
    expect(answer.finished).toBe(true);
    expect(answer.text).toMatch(text);
    if (behaviour.contentType !== undefined)
      expect(answer.headers["content-type"]).toBe(behaviour.contentType);
    if (behaviour.redirect !== undefined) expect(answer.headers.location).toBe("/elsewhere");
  });

  it("redirects to itself for a loop", async () => {
    const server = await start({ behaviour: { redirect: { status: 307 } } });
    const answer = await askRaw(server.url, chat);
    expect([answer.status, answer.headers.location]).toEqual([307, "/v1/chat/completions"]);
  });
});

describe("the behaviour of a request", () => {
  it("is the n-th of a list, the last for all later ones, and a new one when it is set", async () => {
    const server = await start({ behaviour: [{ tokens: 1 }, { tokens: 2 }] });
    for (let i = 0; i < 3; i++) await askRaw(server.url, chat);
    server.setBehaviour((index, body) => ({ tokens: index + 5 + (body.messages?.length ?? 0) }));
    for (let i = 0; i < 2; i++) await askRaw(server.url, chat);
    expect(server.chats.map((note) => note.sentTokens)).toEqual([1, 2, 2, 7, 8]);
  });
});

describe("the other endpoints", () => {
  it("are those that a runner asks a llama-server for", async () => {
    const server = await start({ model: "tiny", slots: 3, contextSize: 512 });
    const get = async (path: string): Promise<unknown> => (await fetch(`${server.url}${path}`)).json();
    expect(await get("/health")).toEqual({ status: "ok" });
    expect(await get("/v1/models")).toMatchObject({ data: [{ id: "tiny" }] });
    expect(await get("/props")).toMatchObject({
      total_slots: 3,
      default_generation_settings: { n_ctx: 512 },
    });
    const tokenized = await fetch(`${server.url}/tokenize`, { method: "POST", body: '{"content":"a b c"}' });
    expect(await tokenized.json()).toEqual({ tokens: [1, 2, 3] });
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
    expect(server.chats).toHaveLength(0);
  });

  it("can be made to fail, one by one or all", async () => {
    const server = await start({ routes: { "/health": { status: 503 } } });
    expect((await fetch(`${server.url}/health`)).status).toBe(503);
    expect((await fetch(`${server.url}/props`)).status).toBe(200);
    server.setRoutes({ "*": { status: 404 } });
    expect((await fetch(`${server.url}/props`)).status).toBe(404);
    expect((await askRaw(server.url, chat)).status).toBe(404);
  });

  it("count what ended answers generated", async () => {
    const server = await start({
      behaviour: [{ tokens: 7, cachedTokens: 2 }, { fault: { kind: "rst", afterTokens: 3 } }],
    });
    await askRaw(server.url, chat);
    await askRaw(server.url, chat);
    await untilEnded(server, 1);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const value = (name: string): number =>
      Number(new RegExp(`^llamacpp:${name} (.*)$`, "m").exec(text)?.[1]);
    // The cut request's 5 prompt tokens were read (3 + 5), its 3 tokens were made (7 + 3).
    expect(value("prompt_tokens_total")).toBe(8);
    expect(value("prompt_tokens_cached_total")).toBe(2);
    expect(value("tokens_predicted_total")).toBe(10);
    expect(value("requests_processing")).toBe(0);
  });
});

describe("connections", () => {
  it("are numbered, and a kept one keeps its number", async () => {
    const server = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 3; i++) expect(await post(server.url, agent)).toBe("200");
    await askRaw(server.url, chat);
    expect(server.chats.map((note) => note.connection)).toEqual([1, 1, 1, 2]);
    agent.destroy();
  });

  it("are all cut by close, whatever the answers are doing", async () => {
    const server = await startFakeServer({
      behaviour: [
        { fault: { kind: "no_headers" } },
        { fault: { kind: "stall", afterTokens: 2 } },
        { tokenDelayMs: 60_000 },
      ],
    });
    const answers = [0, 1, 2].map(() => askRaw(server.url, chat));
    for (let i = 0; i < 500 && server.chats.length < 3; i++)
      await new Promise((resolve) => setTimeout(resolve, 2));
    await server.close();
    for (const answer of await Promise.all(answers)) expect(["fin", "rst"]).toContain(answer.end);
    await Promise.all([0, 1, 2].map((index) => untilEnded(server, index)));
    expect(server.chats.map((note) => note.ended)).toEqual(Array(3).fill("server_closed"));
    await expect(fetch(`${server.url}/health`)).rejects.toThrow("fetch failed");
  });
});

describe("over TLS", () => {
  const ca = readFileSync(testCertificatePath, "utf8");

  it("streams, and cuts the connection under the encryption", async () => {
    const server = await start({
      tls: true,
      behaviour: [{ tokens: 3 }, { fault: { kind: "rst", afterTokens: 2 } }],
    });
    const whole = await askRaw(server.url, chat, { ca });
    expect(countDeltas(whole.events, "content")).toBe(3);
    const cut = await askRaw(server.url, chat, { ca });
    expect([countDeltas(cut.events, "content"), cut.end]).toEqual([2, "rst"]);
  });

  it("speaks HTTP/2", async () => {
    const server = await start({
      tls: "http2",
      behaviour: [{ tokens: 3 }, { fault: { kind: "fin", afterTokens: 2 } }],
    });
    const session = connectHttp2(server.url, { ca });
    session.on("error", () => {});
    const ask = async (): Promise<string> => {
      const stream = session.request({ ":method": "POST", ":path": "/v1/chat/completions" });
      stream.on("error", () => {});
      stream.end(JSON.stringify(chat));
      let text = "";
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      await once(stream, "close");
      return text;
    };
    expect(await ask()).toMatch(/data: \[DONE\]\n\n$/);
    expect(server.chats[0]?.httpVersion).toBe("2.0");
    expect(await ask()).not.toContain("[DONE]");
    expect(server.chats[1]?.ended).toBe("cut");
    session.destroy();
  });
});

describe("as a program", () => {
  const program = new URL("./fake-server.ts", import.meta.url).pathname;

  it("prints its URL first, serves the named behaviour, and can be killed", async () => {
    const child = spawn("node", [program, "--behaviour", "stop-at-once"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url] = (await once(createInterface(child.stdout), "line")) as [string];
    const answer = await askRaw(url, chat);
    expect(answer.events.at(-1)).toBe("[DONE]");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await askRaw(url, chat)).end).toBe("ECONNREFUSED");
  });

  it("names the behaviours there are when the name is unknown", async () => {
    const child = spawn("node", [program, "--behaviour", "nope"], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (part: Buffer) => {
      errors += part.toString();
    });
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(1);
    expect(errors).toMatch(/Expected --behaviour to be one of plain, .*, got `nope`/);
  });
});
