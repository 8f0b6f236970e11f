// A real llama-server with a small model, and requests that keep its cores busy.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findLlamaServer, readInstalled } from "../bench-runner/platform/programs.ts";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { choosePort } from "../bench-runner/servers/start/server-port.ts";
import { type ProcessPlan, start } from "./server-processes.ts";

export interface LlamaServer {
  /** Without a path. */
  rootUrl: string;
  stop(): Promise<void>;
}

export interface LlamaServerOptions {
  /** That it computes with. */
  threads: number;
  key?: string;
  /** Further arguments. */
  args?: readonly string[];
}

const READY_SECONDS = 120;
const SLOTS = 4;
/** Arguments of a server that `keepBusy` occupies. */
export const BUSY_ARGS: readonly string[] = ["--parallel", String(SLOTS), "--ctx-size", "8192"];

/** The model of benchmarks and tests; undefined where none is installed. */
export function findModel(): string | undefined {
  return process.env.SERVER_BENCH_MODEL || readInstalled(process.env).model;
}

/** @throws UserError where the program or the model is not installed */
export function findLlama(): { program: string; model: string } {
  const model = findModel();
  if (model === undefined) {
    throw new UserError(
      "There is no model for llama-server: run `npm run setup`, or set `SERVER_BENCH_MODEL`.",
    );
  }
  return { program: findLlamaServer(process.env.LLAMA_SERVER_BIN_PATH || undefined, process.env), model };
}

/** @throws UserError where it is not installed */
export function planLlamaServer({
  port,
  threads,
  key,
  args = [],
}: LlamaServerOptions & { port: number }): ProcessPlan {
  const { program, model } = findLlama();
  const address = ["--host", "127.0.0.1", "--port", String(port)];
  return {
    name: "llama-server",
    file: program,
    args: ["--model", model, ...address, "--threads", String(threads), ...args],
    ...(key !== undefined && { env: { LLAMA_API_KEY: key } }),
    readyUrl: `http://127.0.0.1:${port}/health`,
    readySeconds: READY_SECONDS,
  };
}

/** On a free port, in the session of this process. @throws UserError where it is not installed or does not get ready */
export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const port = await choosePort("127.0.0.1", undefined);
  const plan = { ...planLlamaServer({ ...options, port }), staysInSession: true } as const;
  const folder = mkdtempSync(join(tmpdir(), "llama-server-"));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  try {
    const stop = await start(plan, join(folder, "log"));
    return { rootUrl: `http://127.0.0.1:${port}`, stop: () => stop().finally(forget) };
  } catch (error) {
    forget();
    throw error;
  }
}

/** Sends one long request after another into each slot, until the returned function is called. */
export function keepBusy({ rootUrl }: LlamaServer): () => Promise<void> {
  const stopped = new AbortController();
  const body = JSON.stringify({
    prompt: "Once upon a time",
    max_tokens: 1000,
    ignore_eos: true,
    stream: false,
  });
  const one = async () => {
    while (!stopped.signal.aborted) {
      try {
        const options = { method: "POST", body, signal: stopped.signal };
        const headers = { "content-type": "application/json" };
        const response = await fetch(`${rootUrl}/v1/completions`, { ...options, headers });
        await response.arrayBuffer();
      } catch {
        // Aborted, or refused by a server that ends.
        await delay(100);
      }
    }
  };
  const all = Promise.all(Array.from({ length: SLOTS }, one));
  return async () => {
    stopped.abort();
    await all;
  };
}
