// The real llama-server with the real small model, started by a test on a free port and ended by it.
import type { TestContext } from "vitest";
import { startLlamaServer } from "../../bench/llama-server.ts";
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
 * @throws UserError where it does not get ready
 */
export async function startRealServer(context: TestContext, args: readonly string[]): Promise<RealServer> {
  needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const model = needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL");
  const { rootUrl, stop } = await startLlamaServer({ threads: 1, args });
  return { rootUrl, model, close: stop };
}
