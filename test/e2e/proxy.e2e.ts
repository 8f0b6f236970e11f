// A server that only a proxy reaches: the runner asks through it as k6 sends through it, and the result says so.
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { filesWith } from "../run/left-behind.ts";
import { countedByServer, runRunner } from "../run/runner-run.ts";

/** A name that no resolver has (RFC 6761). */
const URL_BEHIND = "http://model.invalid:8000";
const PASSWORD = "sesame-0123456789";

/** Sends everything for that name to the fake server. */
async function startProxy(port: number) {
  const seen: IncomingMessage[] = [];
  const proxy = createServer((incoming, response) => {
    seen.push(incoming);
    const { pathname, search, host } = new URL(incoming.url ?? "/", "http://direct");
    if (host !== "model.invalid:8000") return void response.writeHead(502).end();
    const { method, headers } = incoming;
    const onward = request({ port, method, headers, path: pathname + search }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { port: (proxy.address() as AddressInfo).port, seen, close };
}

const LOAD = [
  "--iterations",
  "4",
  "--vus",
  "2",
  "--max-tokens",
  "4",
  "--truncated-limit",
  "1",
  "--n-prompts",
  "4",
];

it("a name that only the proxy resolves is measured through it", async () => {
  const server = await startFakeServer();
  const proxy = await startProxy(server.port);
  const cwd = makeFolder();
  const run = await runRunner({
    args: ["--url", URL_BEHIND, ...LOAD],
    env: { ...countedByServer, http_proxy: `http://me:${PASSWORD}@127.0.0.1:${proxy.port}` },
    cwd,
  });
  await server.close();
  proxy.close();
  expect(run.exitCode).toBe(0);
  expect(run.stderr).toMatch(/^Found at http:\/\/model\.invalid:8000: llama-server/m);
  expect(run.summary?.requests.byVerdict).toEqual({ complete: 4 });
  expect(server.chats).toHaveLength(4);
  // Everything came through it: discovery, tokens, metrics and load, each with the proxy's own password.
  expect(proxy.seen.length).toBe(server.requests.length);
  for (const { headers } of proxy.seen) expect(headers["proxy-authorization"]).toMatch(/^Basic /);
  const shown = `http://127.0.0.1:${proxy.port}`;
  expect(run.summary?.configuration.proxy).toBe(shown);
  expect(run.stdout).toContain(`Requests went through the proxy ${shown}`);
  expect(run.stdout + run.stderr).not.toContain(PASSWORD);
  expect(filesWith(cwd, PASSWORD)).toEqual([]);
});

it("a server on this machine, or in `no_proxy`, is reached without it", async () => {
  const server = await startFakeServer();
  const env = { http_proxy: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9" };
  const run = await runRunner({ args: ["--url", server.url, ...LOAD], env });
  expect(run.exitCode).toBe(0);
  expect(run.summary?.configuration).not.toHaveProperty("proxy");
  const none = await runRunner({ args: ["--url", URL_BEHIND], env: { ...env, no_proxy: ".invalid" } });
  await server.close();
  expect(none.exitCode).toBe(1);
  expect(none.stderr).toMatch(/No server answers at http:\/\/model\.invalid:8000 \(ENOTFOUND|EAI_AGAIN\)/);
});
