import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { findListener, parseListeners, toProgramName } from "./listening-process.ts";

/** Listens on a free port of 127.0.0.1 and prints it; with `fork`, a child inherits the socket. */
const LISTENS = `const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
  if (process.argv[1] === "fork")
    require("node:child_process").spawn("sleep", ["30"], { stdio: ["ignore", "ignore", "ignore", server._handle] });
  console.log(server.address().port);
});`;

async function withListener(args: string[], use: (pid: number, port: number) => void): Promise<void> {
  const child = spawn(process.execPath, ["-e", LISTENS, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    use(child.pid as number, Number(port.toString()));
  } finally {
    child.kill();
  }
}

describe.runIf(process.platform === "linux")("the process behind a port", () => {
  it("is the one that listens there", async () => {
    await withListener([], (pid, port) => {
      expect(findListener(`http://127.0.0.1:${port}/v1`)).toEqual({
        pid,
        name: "node",
      });
      expect(findListener(`http://localhost:${port}`)).toMatchObject({ pid });
    });
  });

  it("is the parent of those that inherit the socket", async () => {
    await withListener(["fork"], (pid, port) => {
      expect(findListener(`http://127.0.0.1:${port}`)).toMatchObject({ pid });
    });
  });

  it("is known for a socket of IPv6, too", async () => {
    const server = createServer().listen(0, "::");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(findListener(`http://[::1]:${port}`)).toMatchObject({ pid: process.pid });
    server.close();
  });

  it("is not known where nothing listens in this network namespace", () => {
    expect(findListener("http://127.0.0.1:1")).toEqual({
      absent: "no process in this network namespace listens on port 1: it is forwarded",
    });
  });
});

it("is not looked for on another machine", () => {
  expect(findListener("http://10.0.0.5:8080")).toBeUndefined();
});

it("has the inodes of sockets that listen on its port, not of its connections", () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0
`;
  expect(parseListeners(table, 8080)).toEqual(["4711"]);
});

it.each([
  [["/opt/llama/llama-server", "-m", "a.gguf"], "llama-server"],
  [["/usr/bin/python3.12", "/usr/local/bin/vllm", "serve", "m"], "vllm"],
  [["python", "-m", "vllm.entrypoints.openai.api_server"], "vllm.entrypoints.openai.api_server"],
  [["node", "-e", "code", "argument"], "node"],
])("is named after the program or the script of %j", (args, name) => {
  expect(toProgramName(args)).toBe(name);
});
