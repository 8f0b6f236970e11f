// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of variables in headers
// A planted key: it reaches the server, and is in nothing that a run prints, writes, serves or starts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Behaviour,
  type FakeServer,
  startFakeServer,
  testCertificatePath,
} from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { commandLinesWith, filesWith } from "../run/left-behind.ts";
import { countedByServer, type RunnerRun, runRunner } from "../run/runner-run.ts";
import { config, outcome, request, writeJournal } from "../unit-support/examples/example-journal.ts";

const KEY = "sk-planted-0123456789abcdef";
/** What a careless server says: in a body, in a header, in a stream, and so that the first KiB cuts it in two. */
const ECHO = { headers: { "x-seen-key": KEY } };
const refusal = JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } });
const cut = `${"x".repeat(1024 - 12)}${KEY}`;
const ECHOES: Behaviour[] = [
  { ...ECHO, tokens: 8, tokenDelayMs: 30 },
  { ...ECHO, status: 401, body: refusal, contentType: "application/json" },
  { ...ECHO, tokens: 8, tokenDelayMs: 30 },
  { ...ECHO, status: 500, body: cut, contentType: "text/plain" },
  {
    ...ECHO,
    fault: { kind: "error_event", afterTokens: 0, error: { message: `key ${KEY} is over its quota` } },
  },
  { ...ECHO, contentType: "text/html", body: `<p>${KEY}</p>` },
];

interface Plant {
  args: string[];
  env: Record<string, string>;
  /** The header in which the server gets it. */
  header: string;
}

function plants(): [string, Plant][] {
  const path = join(makeFolder(), "key");
  writeFileSync(path, `${KEY}\n`);
  return [
    ["a variable", { args: [], env: { SERVER_BENCH_API_KEY: KEY }, header: "authorization" }],
    ["a file", { args: ["--api-key-file", path], env: {}, header: "authorization" }],
    [
      "a header with a variable in it",
      { args: ["--header", "X-Custom: ${PLANTED}"], env: { PLANTED: KEY }, header: "x-custom" },
    ],
  ];
}

async function runProgram(args: string[], cwd: string, env: Record<string, string>): Promise<string> {
  const { stdout, stderr } = await runRunner({ args, cwd, env });
  return stdout + stderr;
}

/** What the live server serves, read once. */
async function readLive(output: () => string): Promise<string> {
  for (let tries = 0; tries < 400; tries++) {
    const url = /Live charts: (http:\S+)/.exec(output())?.[1];
    if (url !== undefined) {
      const texts = ["", "metrics"].map(async (path) => (await fetch(new URL(path, url))).text());
      return (await Promise.all(texts)).join("");
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return "";
}

describe.each(plants())("a key by %s", (_, { args, env, header }) => {
  let server: FakeServer;
  beforeAll(async () => {
    server = await startFakeServer({ tls: true, behaviour: (index) => ECHOES[index % ECHOES.length] ?? {} });
  });
  afterAll(() => server.close());

  /** Runs it over TLS. @returns the run, and the command lines that had the key meanwhile */
  async function run(more: string[], cwd: string): Promise<{ run: RunnerRun; live: string; seen: string[] }> {
    const seen: string[] = [];
    let live = "";
    const look = setInterval(() => seen.push(...commandLinesWith(KEY)), 40);
    const done = await runRunner({
      args: ["--url", server.url, "--ca-file", testCertificatePath, ...args, ...more],
      env,
      cwd,
      whileRunning: async (__, output) => {
        if (more.includes("--listen")) live = await readLive(output);
      },
    });
    clearInterval(look);
    return { run: done, live, seen };
  }

  it("reaches the server, and appears nowhere else", async () => {
    const cwd = makeFolder();
    const load = ["--vus", "3", "--iterations", "24", "--http-debug=full", "--listen", "127.0.0.1:0"];
    const { run: done, live, seen } = await run(load, cwd);
    const folder = done.folder as string;
    const later = [
      await runProgram(["report", folder, "--json"], cwd, env),
      await runProgram(
        ["export", folder, "--format", "csv,junit,report-json,bench-jsonl,result-dir"],
        cwd,
        env,
      ),
    ].join("");

    expect(server.chats.length).toBeGreaterThanOrEqual(24);
    for (const { headers } of server.chats) expect(headers[header]).toContain(KEY);
    // The servers' words are there, or this would prove nothing.
    expect(done.summary?.requests.byVerdict).toMatchObject({ complete: 8, http_error: 8, error_in_band: 4 });
    expect(JSON.stringify(done.summary?.errors)).toContain("Incorrect API key provided: (hidden)");
    expect(filesWith(cwd, "(hidden)").some((path) => path.endsWith("records.jsonl"))).toBe(true);
    expect(filesWith(cwd, "x-seen-key").length + filesWith(cwd, "X-Seen-Key").length).toBeGreaterThan(0);
    expect(live).toContain("server_bench");

    expect(filesWith(cwd, KEY)).toEqual([]);
    expect(filesWith(cwd, KEY.slice(0, 8))).toEqual([]);
    expect(done.stdout + done.stderr + live + later).not.toContain(KEY.slice(0, 8));
    expect(seen).toEqual([]);
  });

  it("is in nothing that `probe` prints, for a refusal and for an answer", async () => {
    for (const behaviour of [ECHOES[0], ECHOES[1], ECHOES[4]] as Behaviour[]) {
      server.setBehaviour(behaviour);
      const cwd = makeFolder();
      const seen: string[] = [];
      const look = setInterval(() => seen.push(...commandLinesWith(KEY)), 40);
      const base = ["probe", "--url", server.url, "--ca-file", testCertificatePath, ...args];
      const said = await runProgram(base, cwd, env);
      const json = await runProgram([...base, "--json"], cwd, env);
      clearInterval(look);
      for (const text of [said, json]) {
        expect(text.toLowerCase()).toContain("x-seen-key");
        expect(text).toContain("(hidden)");
        expect(text).not.toContain(KEY);
      }
      expect(seen).toEqual([]);
      expect(filesWith(cwd, KEY)).toEqual([]);
    }
  });
});

describe("a key that a file of a run, or the path to it, has", () => {
  const cwd = makeFolder();
  /** A run whose path and model name have the key in them. */
  const makeRun = (name: string) => {
    const folder = join(cwd, KEY, name);
    mkdirSync(folder, { recursive: true });
    const lines = Array.from({ length: 60 }, (_, id) => request(id, id * 100, { vu: id % 4 }));
    writeJournal(join(folder, "records.jsonl"), lines);
    const values = { ...config.values, modelAlias: KEY };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, values }));
    writeFileSync(join(folder, "outcome.json"), JSON.stringify(outcome));
    return folder;
  };
  const base = makeRun("a");
  const next = makeRun("b");
  it.each([
    ["report", [base]],
    ["compare", [base, next]],
    ["compare", [base, join(cwd, KEY, "none")]],
    ["matrix", [base, next]],
    ["matrix", [base, next, "--json"]],
    ["matrix", [join(cwd, KEY, "none")]],
    ["baseline", ["save", base, "--output", join(cwd, KEY, "baseline.json")]],
    ["export", [base, "--format", "csv"]],
    ["export", [base, "--format", "csv"]],
    ["doctor", []],
    ["datasets", ["inspect", join(cwd, KEY, "none.jsonl")]],
    ["scenarios", [join(cwd, KEY, "none.js")]],
  ])("is in nothing that `%s` says (%#)", async (command, args) => {
    const env = { SERVER_BENCH_API_KEY: KEY, BENCH_K6_BIN_PATH: join(cwd, KEY, "k6") };
    const said = await runProgram([command, ...args], cwd, env);
    expect(said).toContain("(hidden)");
    expect(said).not.toContain(KEY);
  });
});

it("a key goes through a sweep, and is in none of its files", async () => {
  const [answer, refused] = ECHOES as [Behaviour, Behaviour];
  const server = await startFakeServer({ behaviour: (index) => (index % 4 === 1 ? refused : answer) });
  const cwd = makeFolder();
  const done = await runRunner({
    args: [
      ...["sweep", "--url", server.url, "--header", "X-Custom: ${PLANTED}", "--concurrency", "1,2"],
      ...["--duration", "1s", "--slo", "ttft=5s", "--append", join(cwd, "all.csv")],
    ],
    env: { PLANTED: KEY },
    cwd,
  });
  await server.close();
  expect(server.chats.length).toBeGreaterThan(4);
  for (const { headers } of server.chats) expect(headers["x-custom"]).toBe(KEY);
  expect(filesWith(done.folder as string, "(hidden)").length).toBeGreaterThan(0);
  expect(filesWith(cwd, KEY)).toEqual([]);
  expect(done.stdout + done.stderr).not.toContain(KEY);
});

describe("a key that is refused", () => {
  const rows: [string, Parameters<typeof startFakeServer>[0], RegExp][] = [
    [
      "by every request",
      { behaviour: { status: 401, body: refusal, contentType: "application/json" } },
      /last status 401.*Incorrect API key provided: \(hidden\)/,
    ],
    [
      "before the run",
      { routes: { "/v1/models": { status: 401, body: refusal } } },
      /refuses access.*Check the key in `SERVER_BENCH_API_KEY`/,
    ],
    [
      "where tokens are counted",
      { routes: { "/tokenize": { status: 500, body: refusal } } },
      /failed to count tokens.*Incorrect API key provided: \(hidden\)/,
    ],
  ];
  it.each(rows)("%s is told without it", async (_, options, message) => {
    const server = await startFakeServer(options);
    const cwd = makeFolder();
    const run = await runRunner({
      args: ["--url", server.url, "--iterations", "40", "--vus", "2"],
      env: { ...countedByServer, SERVER_BENCH_API_KEY: KEY },
      cwd,
    });
    await server.close();
    expect(run.stdout + run.stderr).toMatch(message);
    expect(run.exitCode).not.toBe(0);
    expect(run.stdout + run.stderr).not.toContain(KEY);
    expect(filesWith(cwd, KEY)).toEqual([]);
  });
});

describe("TLS", () => {
  it("with a certificate of an unknown authority is refused with both remedies, and accepted with --insecure", async () => {
    const server = await startFakeServer({ tls: true });
    const few = ["--url", server.url, "--iterations", "2", "--vus", "1"];
    const refused = await runRunner({ args: few });
    expect(refused.stderr).toMatch(
      /certificate of the server at .* is not trusted .*--ca-file FILE.*--insecure/,
    );
    expect(refused.exitCode).toBe(1);
    const taken = await runRunner({ args: [...few, "--insecure"] });
    await server.close();
    expect(taken.exitCode).toBe(0);
    expect(taken.summary?.requests.byVerdict).toEqual({ complete: 2 });
  });
});

it("a key on the command line is refused, with the way", async () => {
  const run = await runRunner({ args: ["--url", "http://127.0.0.1:9", "--api-key", KEY] });
  expect(run.stderr).toMatch(/Keys cannot be given by flag.*`SERVER_BENCH_API_KEY`.*`--api-key-file FILE`/);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).not.toContain(KEY);
});
