// A real llama-server with a small model, and requests that keep its cores busy.
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { findLlamaServer, readInstalled } from "../bench-runner/platform/programs.ts";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { choosePort } from "../bench-runner/servers/start/server-port.ts";

export interface LlamaServer {
  /** Ends with /v1. */
  url: string;
  stop(): Promise<void>;
}

const READY_MS = 120_000;
const SLOTS = 4;

/** The model of the benchmarks; undefined where none is installed. */
export function findModel(): string | undefined {
  return process.env.SERVER_BENCH_MODEL || readInstalled(process.env).model;
}

/** @param threads that it computes with @throws UserError where it is not installed or does not start */
export async function startLlamaServer(threads: number): Promise<LlamaServer> {
  const model = findModel();
  if (model === undefined) {
    throw new UserError(
      "There is no model for llama-server: run `npm run setup`, or set `SERVER_BENCH_MODEL`.",
    );
  }
  const program = findLlamaServer(process.env.LLAMA_SERVER_BIN_PATH || undefined, process.env);
  const port = await choosePort("127.0.0.1", undefined);
  const address = ["--host", "127.0.0.1", "--port", String(port)];
  const size = ["--parallel", String(SLOTS), "--ctx-size", "8192", "--threads", String(threads)];
  const child = execa(program, ["--model", model, ...address, ...size], {
    stdin: "ignore",
    all: true,
    reject: false,
  });
  let hasEnded = false;
  void child.then(() => {
    hasEnded = true;
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await child;
  };
  const base = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && !hasEnded) {
    if (await isHealthy(base)) return { url: `${base}/v1`, stop };
    await delay(100);
  }
  await stop();
  throw new UserError(`llama-server did not get ready: ${String((await child).all).slice(-1000)}`);
}

async function isHealthy(base: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${base}/health`, { signal: AbortSignal.timeout(2_000) });
    return status === 200;
  } catch {
    return false;
  }
}

/** Sends one long request after another into each slot, until the returned function is called. */
export function keepBusy({ url }: LlamaServer): () => Promise<void> {
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
        const response = await fetch(`${url}/completions`, { ...options, headers });
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
