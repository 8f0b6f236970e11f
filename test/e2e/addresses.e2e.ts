// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of variables in addresses
// The addresses that people have: a base with a path of its own, a query with a key in it, a pasted endpoint, IPv6.
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder, runK6 } from "../run/k6-run.ts";
import { commandLinesWith, filesWith } from "../run/left-behind.ts";
import { withHosts } from "../run/own-hosts.ts";
import { countedByServer, type RunnerOptions, type RunnerRun, runRunner } from "../run/runner-run.ts";

const FEW = ["--iterations", "2", "--vus", "1", "--max-tokens", "4", "--n-prompts", "4"];

interface Gateway {
  port: number;
  asked: IncomingMessage[];
  fake: FakeServer;
  close(): Promise<void>;
}

/** A gateway before the fake server: what is below `prefix` goes there below `to`, anything else is a 404. */
async function startGateway(prefix: string, to: string, host = "127.0.0.1"): Promise<Gateway> {
  const fake = await startFakeServer();
  const asked: IncomingMessage[] = [];
  const gateway: Server = createServer((incoming, response) => {
    asked.push(incoming);
    const [, path] = new RegExp(`^${prefix}(/[^?]*)`).exec(incoming.url ?? "") ?? [];
    if (path === undefined) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":"no such resource"}');
      return;
    }
    const { method, headers } = incoming;
    const onward = request(`${fake.url}${to}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => {
    gateway.once("error", reject);
    gateway.listen(0, host, resolve);
  });
  return {
    port: (gateway.address() as AddressInfo).port,
    asked,
    fake,
    async close() {
      gateway.closeAllConnections();
      gateway.close();
      await fake.close();
    },
  };
}

async function runBehind(
  gateway: Gateway,
  url: string,
  options: Pick<RunnerOptions, "env" | "cwd" | "within"> & { args?: string[] } = {},
): Promise<RunnerRun> {
  try {
    const { args = [], env, ...others } = options;
    return await runRunner({
      ...others,
      env: { ...countedByServer, ...env },
      args: ["--url", url, ...FEW, ...args],
    });
  } finally {
    await gateway.close();
  }
}

const loads = ({ asked }: Gateway) => asked.filter(({ method }) => method === "POST").map(({ url }) => url);

describe("a base with a path of its own", () => {
  it("is taken as it is where the server answers there", async () => {
    const gateway = await startGateway("/api/paas/v4", "/v1");
    const run = await runBehind(gateway, `http://127.0.0.1:${gateway.port}/api/paas/v4/`);
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
    expect(new Set(loads(gateway))).toContain("/api/paas/v4/chat/completions");
  });

  it("gets `/v1` where the server answers only there", async () => {
    const gateway = await startGateway("/llm", "");
    const run = await runBehind(gateway, `http://127.0.0.1:${gateway.port}/llm`);
    // The fake answers `/models` as well as `/v1/models`.
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
    const only = await startGateway("/llm/v1", "/v1");
    const second = await runBehind(only, `http://127.0.0.1:${only.port}/llm`);
    expect(second.summary?.requests.byVerdict).toEqual({ complete: 2 });
    expect(loads(only)).toContain("/llm/v1/chat/completions");
    expect(second.config?.serverUrl).toBe(`http://127.0.0.1:${only.port}/llm/v1`);
  });

  it("is taken as it is by k6 alone", async () => {
    const gateway = await startGateway("/api/paas/v4", "/v1");
    const url = `http://127.0.0.1:${gateway.port}/api/paas/v4`;
    const { exitCode } = await runK6({
      args: ["--vus", "1", "--iterations", "1"],
      env: { SERVER_BENCH_URL: url, SERVER_BENCH_MAX_TOKENS: "4", SERVER_BENCH_TRUNCATED_LIMIT: "1" },
    });
    await gateway.close();
    expect(exitCode).toBe(0);
    expect(loads(gateway)).toEqual(["/api/paas/v4/chat/completions"]);
  });

  it("may be a pasted endpoint, which names its API", async () => {
    const gateway = await startGateway("", "");
    const run = await runBehind(gateway, ` HTTP://127.0.0.1:${gateway.port}/v1/completions `);
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
    expect(loads(gateway).filter((path) => !/^\/(tokenize|slots)/.test(path ?? ""))).toEqual(
      Array(2).fill("/v1/completions"),
    );
    expect(run.stderr).toMatch(/endpoint {2}completions: as given/);
  });
});

describe("a query", () => {
  const KEY = "sesame-0123456789";
  const path = "/openai/deployments/x";

  it("is behind the path of every request; Azure's servers get the key by its own header", async () => {
    const gateway = await startGateway(path, "/v1");
    const url = `http://127.0.0.1:${gateway.port}${path}/chat/completions?api-version=2024-06-01`;
    const run = await runBehind(gateway, url, { env: { SERVER_BENCH_API_KEY: KEY } });
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
    expect(loads(gateway)).toContain(`${path}/chat/completions?api-version=2024-06-01`);
    for (const { url: asked, headers } of gateway.asked) {
      expect(asked).toMatch(/\?api-version=2024-06-01$/);
      expect(headers["api-key"]).toBe(KEY);
      expect(headers.authorization).toBeUndefined();
    }
  });

  it("with a key in it reaches the server, and the key appears nowhere else", async () => {
    const gateway = await startGateway("/llm", "/v1");
    const cwd = makeFolder();
    const seen: string[] = [];
    const look = setInterval(() => seen.push(...commandLinesWith(KEY)), 40);
    const run = await runBehind(gateway, `http://127.0.0.1:${gateway.port}/llm?key=\${PLANTED}&x=1`, {
      args: ["--http-debug=full"],
      env: { PLANTED: KEY },
      cwd,
    });
    clearInterval(look);
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
    expect(loads(gateway)).toContain(`/llm/chat/completions?key=${KEY}&x=1`);
    expect(run.config?.serverUrl).toBe(`http://127.0.0.1:${gateway.port}/llm?key=(hidden)&x=1`);
    expect(filesWith(cwd, KEY)).toEqual([]);
    expect(run.stdout + run.stderr).not.toContain(KEY);
    expect(seen).toEqual([]);
  });

  it("with a key in it is hidden where all requests fail", async () => {
    const cwd = makeFolder();
    const fake = await startFakeServer({ behaviour: { status: 400, body: "no" } });
    const run = await runRunner({
      args: ["--vus", "1", "--iterations", "20"],
      env: { SERVER_BENCH_URL: `${fake.url}?sig=${KEY}` },
      cwd,
    });
    await fake.close();
    expect(run.stderr).toContain("?sig=(hidden)");
    expect(run.stdout + run.stderr).not.toContain(KEY);
    expect(filesWith(cwd, KEY)).toEqual([]);
  });

  it("with a key in it is refused on the command line", async () => {
    const run = await runRunner({ args: ["--url", `http://127.0.0.1:9/v1?key=${KEY}`] });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/The value of `key` in the address would appear in the process list/);
    expect(run.stderr).not.toContain(KEY);
  });
});

describe("a server with an IPv6 address alone is measured", () => {
  it.for(["[::1]", "six.test"])("by %s", async (host, context) => {
    const within = host === "[::1]" ? [] : withHosts({ [host]: "::1" });
    if (within === undefined) return context.skip("this machine permits no mount namespace");
    const gateway = await startGateway("", "", "::1").catch(() => undefined);
    if (gateway === undefined) return context.skip("this machine has no IPv6");
    const run = await runBehind(gateway, `http://${host}:${gateway.port}`, { within });
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
  });
});
