import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer as createRawServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { askServer } from "../servers/discover/ask-server.ts";
import { recognizeSoftware } from "../servers/discover/software.ts";
import { toAccess } from "./access.ts";
import { describeProblem, requestServer } from "./server-request.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server at its own loopback address; localhost and 127.0.0.1 are two hosts. */
async function serve(
  answer: RequestListener,
): Promise<{ url: string; port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

const access = toAccess({ apiKey: "sesame", headers: ["X-Team: search"] }, {});

describe("a request of the runner", () => {
  it("has the key and the headers, and a body by POST", async () => {
    const { url, seen } = await serve((request, response) => request.pipe(response));
    const answer = await requestServer(`${url}/a`, access, { timeoutMs: 5000, body: '{"a":1}' });
    expect(answer).toEqual({ status: 200, text: '{"a":1}' });
    expect(seen[0]).toMatchObject({ method: "POST", url: "/a" });
    expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer sesame", "x-team": "search" });
  });

  it("has the name and the password of a URL, without another key", async () => {
    const { url, seen } = await serve((_, response) => response.end());
    await requestServer(url.replace("//", "//me:ses%40me@"), { headers: {} }, { timeoutMs: 5000 });
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from("me:ses@me").toString("base64")}`);
  });

  it("follows redirects, without the headers for another host", async () => {
    const other = await serve((_, response) => response.end("there"));
    const first = await serve((request, response) => {
      const to = request.url === "/away" ? `${other.url}/` : "/away";
      response.writeHead(307, { location: to }).end();
    });
    const answer = await requestServer(`${first.url}/`, access, { timeoutMs: 5000 });
    expect(answer.text).toBe("there");
    expect(first.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sesame",
      "Bearer sesame",
    ]);
    expect(other.seen[0]?.headers).not.toHaveProperty("authorization");
    expect(other.seen[0]?.headers).not.toHaveProperty("x-team");
  });

  it("follows no redirect from https to http", async () => {
    const plain = await serve((_, response) => response.end("in clear"));
    const file = (name: string) => readFileSync(new URL(`../../test/fake/tls/${name}.pem`, import.meta.url));
    const secure = createSecureServer(
      { cert: file("test-certificate"), key: file("test-key") },
      (_, response) => {
        response.writeHead(307, { location: plain.url }).end();
      },
    );
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    closers.push(() => secure.close());
    const { port } = secure.address() as AddressInfo;
    const trusting = { ...access, insecure: true as const };
    const answer = await requestServer(`https://127.0.0.1:${port}/`, trusting, { timeoutMs: 5000 });
    expect(answer.status).toBe(307);
    expect(plain.seen).toEqual([]);
  });

  it("uses a new connection if the server closed the kept one", async () => {
    let served = 0;
    const { url } = await serve((request, response) => {
      served += 1;
      if (served === 2) request.socket.destroy();
      else response.end(String(served));
    });
    await requestServer(url, access, { timeoutMs: 5000 });
    expect((await requestServer(url, access, { timeoutMs: 5000 })).text).toBe("3");
  });

  it("reports a missing server, and silence", async () => {
    const { url } = await serve(() => {});
    const silence = await requestServer(url, access, { timeoutMs: 50 }).catch(describeProblem);
    expect(silence).toBe("no answer in time");
    for (const close of closers.splice(0)) close();
    const unreachable = await requestServer(url, access, { timeoutMs: 5000 }).catch(describeProblem);
    expect(unreachable).toBe("ECONNREFUSED");
  });

  const again = (socket: Socket, text: string) => {
    const timer = setInterval(() => socket.write(text), 5);
    socket.on("close", () => clearInterval(timer));
  };
  it.each<[string, (socket: Socket) => void, string]>([
    ["says nothing", () => {}, "no answer in time"],
    [
      "changes the protocol",
      (socket) => socket.write("HTTP/1.1 101 Hm\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
      "ECONNRESET",
    ],
    ["ends its side at once", (socket) => socket.end(), "ECONNRESET"],
    [
      "ends its side within the body",
      (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"),
      "ECONNRESET",
    ],
    ["resets the connection", (socket) => socket.resetAndDestroy(), "ECONNRESET"],
    [
      "sends informational answers for ever",
      (socket) => again(socket, "HTTP/1.1 103 Early Hints\r\n\r\n"),
      "no answer in time",
    ],
    [
      "sends headers for ever",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        again(socket, "X-More: yes\r\n");
      },
      "no answer in time",
    ],
    [
      "sends single bytes",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n");
        again(socket, "x");
      },
      "no answer in time",
    ],
    [
      "sends a body without a length",
      (socket) => {
        socket.write("HTTP/1.0 200 OK\r\n\r\n");
        again(socket, "x");
      },
      "no answer in time",
    ],
    [
      "sends trailers for ever",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
        again(socket, "X-More: yes\r\n");
      },
      "no answer in time",
    ],
  ])("ends where the server %s", async (_, answer, problem) => {
    const server = createRawServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => answer(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const sockets: Socket[] = [];
    server.on("connection", (socket) => sockets.push(socket));
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const request = requestServer(`http://127.0.0.1:${port}/`, { headers: {} }, { timeoutMs: 300 });
    expect(await request.catch(describeProblem)).toBe(problem);
  });

  it("with certificates that cannot be read is one clear sentence", async () => {
    const request = requestServer(
      "https://127.0.0.1:9",
      { headers: {}, caFile: "/nowhere.pem" },
      { timeoutMs: 50 },
    );
    await expect(request).rejects.toThrow(/`\/nowhere.pem` cannot be read: it does not exist.*`--ca-file`/);
  });
});

it("a server that takes keys as Anthropic does is asked again with that header", async () => {
  const models = '{"data":[{"type":"model","id":"m"}],"has_more":false}';
  const { url } = await serve((request, response) => {
    const isKnown = request.headers["x-api-key"] === "sesame" && request.headers["anthropic-version"];
    if (request.url === "/v1/models") response.writeHead(isKnown ? 200 : 401).end(isKnown ? models : "");
    else response.writeHead(404).end();
  });
  expect(recognizeSoftware(await askServer(url, access))?.name).toBe("Anthropic's API");
});
