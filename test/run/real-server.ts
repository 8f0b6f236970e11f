// The real llama-server with the real small model, started by a test on a free port and ended by it.
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { TestContext } from "vitest";
import { choosePort } from "../../bench-runner/servers/start/server-port.ts";
import { needTool } from "./tool.ts";

export interface RealServer {
  /** Without a path. */
  rootUrl: string;
  /** Path of its model. */
  model: string;
  close(): Promise<void>;
}

/**
 * One thread: more of them wait for each other where tests share the machine.
 * @param args further arguments of llama-server
 * @throws Error where it is not ready within half a minute
 */
export async function startRealServer(context: TestContext, args: readonly string[]): Promise<RealServer> {
  const program = needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const model = needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL");
  const port = await choosePort("127.0.0.1", undefined);
  const place = ["--host", "127.0.0.1", "--port", String(port), "--threads", "1"];
  const server = execa(program, ["--model", model, ...place, ...args], { reject: false, all: true });
  let hasEnded = false;
  server.finally(() => {
    hasEnded = true;
  });
  const close = async () => {
    server.kill();
    await server;
  };
  const rootUrl = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const health = await fetch(`${rootUrl}/health`).catch(() => undefined);
    if (health?.ok) return { rootUrl, model, close };
    if (tries > 300 || hasEnded) {
      await close();
      throw new Error("llama-server is not ready");
    }
    await delay(100);
  }
}
