// `probe`: one request through the real k6, and everything about it.
import { readdirSync } from "node:fs";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { ProbeResult } from "../../bench-runner/runs/probe/probe-result.ts";
import { type FakeServerOptions, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

async function probe(
  options: FakeServerOptions,
  args: string[] = [],
): Promise<RunnerRun & { json: ProbeResult }> {
  const server = await startFakeServer(options);
  const run = await runRunner({ args: ["probe", "--url", server.url, ...args] });
  await server.close();
  const isJson = args.includes("--json") && run.stdout !== "";
  return { ...run, json: (isJson ? JSON.parse(run.stdout) : {}) as ProbeResult };
}

describe("one request", () => {
  it("is shown from the first byte to the verdict", async () => {
    const behaviour = { tokens: 6, headersDelayMs: 20, firstTokenDelayMs: 20, tokenDelayMs: 10 };
    const args = ["--prompt", "Say hi to Zoë.", "--max-tokens", "9", "--header", "X-Team: search"];
    const run = await probe({ behaviour }, args);
    expect(run.exitCode).toBe(0);
    for (const text of [
      /^Found at http\S+: llama-server b0-fake/m,
      /^ {2}POST \/v1\/chat\/completions HTTP\/1\.1$/m,
      /^ {2}X-Team: search$/m,
      /"content": "Say hi to Zoë\."/,
      /"max_tokens": 9/,
      /^ {2}HTTP\/1\.1 200 OK$/m,
      /^ {2}Content-Type: text\/event-stream$/m,
      /^ {2}connected +\d+\.\d{3} ms {2}\+/m,
      /^ {2}first token +\d+\.\d{3} ms {2}\+/m,
      /^ {2}5 gaps: at least .* median .* at most/m,
      /^Text\n {2}The quick brown fox/m,
      /^ {2}completion +6 tokens$/m,
      /^ {2}finish reason +stop$/m,
      /^Verdict: complete$/m,
    ])
      expect(run.stdout).toMatch(text);
    for (const line of run.stdout.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(120);
    expect(run.stdout).not.toMatch(/[ \t]$/m);
  });

  it("as JSON has what k6 recorded", async () => {
    const behaviour = { tokens: 6, tokenDelayMs: 10 };
    const { json, exitCode, stderr } = await probe({ behaviour }, ["--json", "--endpoint", "completions"]);
    expect(exitCode).toBe(0);
    expect(json.server.found).toMatchObject({ software: { name: "llama-server" } });
    expect(json.request).toMatchObject({ line: "POST /v1/completions HTTP/1.1", body: { stream: true } });
    expect(json.request.headers).toContainEqual(["Content-Type", "application/json"]);
    expect(json.response?.line).toBe("HTTP/1.1 200 OK");
    expect(json.response?.body).toMatch(/^data: /);
    expect(json.timeline.map(({ name }) => name)).toEqual([
      ...["handed over", "connected", "sent", "headers", "first token", "last token", "end"],
    ]);
    expect(json.timeline.map(({ atMs }) => atMs)).toEqual(
      json.timeline.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
    expect(json.gapsMs).toHaveLength(5);
    expect(json.text).toMatch(/^The quick brown fox/);
    expect(json).toMatchObject({ finishReason: "stop", usage: { completionTokens: 6 }, redirects: 0 });
    expect(json.details).toMatchObject({ verdict: "complete", flags: [], completionTokens: 6 });
    expect(stderr).toBe("");
  });

  it("by another API, as one document, or over a redirect", async () => {
    const document = await probe({}, ["--json", "--mode", "sync"]);
    expect(document.json.details.verdict).toBe("complete");
    expect(document.json.text).toMatch(/^The quick/);
    const routes = { "/v1/completions": { redirect: { status: 307 as const, to: "/v1/chat/completions" } } };
    const moved = await probe({ routes }, ["--json", "--endpoint", "completions"]);
    expect(moved.json.redirects).toBe(1);
  });
});

describe("what is not complete is 99, with the reason", () => {
  const rows: [string, FakeServerOptions, string[], string, RegExp][] = [
    [
      "a refusal",
      { behaviour: { status: 429 } },
      [],
      "http_error",
      /^ {2}HTTP\/1\.1 429 Too Many Requests$/m,
    ],
    [
      "an error in the stream",
      { behaviour: { fault: { kind: "error_event", afterTokens: 2 } } },
      [],
      "error_in_band",
      /the fake server failed/,
    ],
    ["a stream that is cut", { behaviour: { fault: { kind: "rst", afterTokens: 3 } } }, [], "cut", /reset: /],
    [
      "an answer that is a page",
      { behaviour: { contentType: "text/html", body: "<p>Sign in</p>" } },
      [],
      "not_a_stream",
      /<p>Sign in<\/p>/,
    ],
    [
      "silence",
      { behaviour: { fault: { kind: "no_headers" } } },
      ["--headers-timeout", "0.3"],
      "timeout",
      /^Response\n {2}none$/m,
    ],
  ];
  it.each(rows)("%s", async (_, options, args, verdict, says) => {
    const run = await probe(options, args);
    expect(run.stdout).toMatch(new RegExp(`^Verdict: ${verdict}`, "m"));
    expect(run.stdout).toMatch(says);
    expect(run.exitCode).toBe(99);
  });
});

describe("a server that refuses fields by their names", () => {
  /** As Azure's older deployments and OpenAI's newer models do: one field at a time. */
  const strict: FakeServerOptions["behaviour"] = (_, body) => {
    const refuse = (message: string) => ({ status: 400, body: JSON.stringify({ error: { message } }) });
    if ("seed" in body) return refuse("Unrecognized request argument supplied: seed");
    if ("stream_options" in body) return refuse("Unrecognized request argument supplied: stream_options");
    if ("max_tokens" in body) {
      return refuse(
        "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
      );
    }
    return { tokens: 4 };
  };
  const flags = ["--omit", "seed,stream_options", "--max-tokens-field", "max_completion_tokens"];

  it("is shown with the flags that it takes", async () => {
    const run = await probe({ behaviour: strict });
    expect(run.exitCode).toBe(99);
    expect(run.stdout).toMatch(/^Verdict: http_error – .*supplied: seed/m);
    expect(run.stdout.replace(/\s+/g, " ")).toContain(`With \`${flags.join(" ")}\` the answer is complete.`);
    const { json } = await probe({ behaviour: strict }, ["--json"]);
    expect(json.refused).toEqual({ flags: flags.join(" "), verdict: "complete" });
  });

  it("answers with these flags, and with a null in further fields", async () => {
    const run = await probe({ behaviour: strict }, [...flags, "--json"]);
    expect(run.exitCode).toBe(0);
    expect(run.json.request.body).toMatchObject({ max_completion_tokens: 512 });
    expect(Object.keys(run.json.request.body as object).sort()).toEqual([
      ...["max_completion_tokens", "messages", "model", "stream"],
    ]);
    const extra = ["--extra-body", '{"seed":null,"stream_options":null,"max_tokens":null}'];
    expect((await probe({ behaviour: strict }, extra)).exitCode).toBe(0);
  });

  it("with another reason gets no advice", async () => {
    const body = '{"error":"max_tokens is too large"}';
    expect((await probe({ behaviour: { status: 400, body } })).stdout).not.toContain("The server refuses");
  });
});

describe("a probe that cannot be", () => {
  const rows: [string, string[], RegExp, number][] = [
    ["of a load", ["--url", "http://127.0.0.1:9", "--rate", "2"], /`--rate` has no meaning for it/, 2],
    [
      "of an address where nothing answers",
      ["--url", "http://127.0.0.1:9"],
      /^No server answers at http:\/\/127\.0\.0\.1:9/,
      1,
    ],
    ["of nothing", [], /^Nothing to measure/, 2],
  ];
  it.each(rows)("%s is one clear sentence", async (_, args, message, exitCode) => {
    const run = await runRunner({ args: ["probe", ...args] });
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stdout).toBe("");
  });
});

it("leaves nothing behind, and variables of a load are no matter", async () => {
  const temporary = makeFolder();
  const server = await startFakeServer();
  const run = await runRunner({
    args: ["probe", "--url", server.url],
    env: {
      SERVER_BENCH_RATE: "5",
      SERVER_BENCH_REPEAT: "3",
      SERVER_BENCH_SLO: "ttft=1s",
      TMPDIR: temporary,
    },
  });
  await server.close();
  expect(run.exitCode).toBe(0);
  expect(server.chats).toHaveLength(1);
  expect(run.folder).toBeUndefined();
  expect(readdirSync(temporary)).toEqual([]);
});
