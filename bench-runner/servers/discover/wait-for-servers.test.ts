import { afterEach, describe, expect, it } from "vitest";
import { type FakeServer, startFakeServer } from "../../../test/fake/fake-server.ts";
import { OPEN_ACCESS } from "../../platform/access.ts";
import { UserError } from "../../platform/user-error.ts";
import { waitForServers } from "./wait-for-servers.ts";

const servers: FakeServer[] = [];
async function start(options: Parameters<typeof startFakeServer>[0] = {}): Promise<FakeServer> {
  const server = await startFakeServer(options);
  servers.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** What is said while the wait lasts. @param onLine called with each line */
async function waitFor(urls: string[], timeoutSeconds: number, onLine: (line: string) => void = () => {}) {
  const lines: string[] = [];
  let checks = 0;
  await waitForServers(urls, OPEN_ACCESS, {
    timeoutSeconds,
    notice: (line) => {
      lines.push(line);
      onLine(line);
    },
    onWait: async () => void checks++,
  });
  return { lines, checks };
}

const LOADING = { status: 503, body: '{"error":{"code":503,"message":"Loading model"}}' };

describe("a server of --url", () => {
  it("that loads its model is waited for, with its own words", async () => {
    const server = await start({ routes: { "*": LOADING } });
    const { lines, checks } = await waitFor([server.url], 60, () => server.setRoutes({}));
    expect(lines).toEqual([
      `Waiting for the server at ${server.url} to be ready (\`/v1/models\` answered 503: Loading model), at most 60 s (\`--ready-timeout\`) …`,
      `The server at ${server.url} is ready.`,
    ]);
    expect(checks).toBe(1);
  });

  it("whose `/health` alone says so is asked for that alone", async () => {
    const server = await start({ routes: { "/health": { status: 503 } } });
    const { lines } = await waitFor([server.url], 60, () => server.setRoutes({}));
    expect(lines[0]).toContain("(`/health` answered 503)");
    expect(server.requests.filter(({ path }) => path === "/v1/models")).toHaveLength(2);
  });

  it("that does not listen yet is waited for, and so is the second of two", async () => {
    const first = await start();
    const { port, url } = await startFakeServer().then(async (gone) => {
      await gone.close();
      return gone;
    });
    const { lines } = await waitFor([first.url, url], 60, (line) => {
      if (line.startsWith("Waiting")) void start({ port });
    });
    expect(lines).toEqual([
      expect.stringContaining(`${url} to be ready (ECONNREFUSED)`),
      `The server at ${url} is ready.`,
    ]);
  });

  it.each([
    ["has no such paths", { status: 404 }],
    ["refuses access", { status: 401 }],
    ["fails", { status: 500 }],
  ])("that %s is not waited for", async (_, answer) => {
    const server = await start({ routes: { "*": answer } });
    expect(await waitFor([server.url], 60)).toEqual({ lines: [], checks: 0 });
  });

  it("that has no list of models now, but is healthy, is not waited for", async () => {
    const server = await start({ routes: { "/v1/models": { status: 503 } } });
    expect((await waitFor([server.url], 60)).lines).toEqual([]);
  });

  it("that is not known by name is not waited for", async () => {
    expect((await waitFor(["http://server.invalid:8000"], 60)).lines).toEqual([]);
  });

  it("is not asked where nobody may wait", async () => {
    const server = await start({ routes: { "*": LOADING } });
    expect((await waitFor([server.url], 0)).lines).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it("that is never ready is an error with the way out", async () => {
    const server = await start({ routes: { "*": LOADING } });
    const wait = waitFor([server.url], 0.01);
    await expect(wait).rejects.toThrow(UserError);
    await expect(wait).rejects.toThrow(/was not ready within 0.01 s \(.*Loading model\)\. Start it/);
  });
});
