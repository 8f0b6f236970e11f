// The servers that `--engine` knows how to start: their commands, as their own documentation gives them.
import type { ServerCommand } from "./server-command.ts";

/** By the name that the user gives. Each waits for the port until it has loaded the model, and answers /health then. */
export const ENGINES = {
  vllm: {
    name: "vLLM",
    start: "vllm serve {model} --host {host} --port {port}",
    ready: { path: "/health" },
  },
  sglang: {
    name: "SGLang",
    // Without --enable-metrics it has no /metrics.
    start:
      "python3 -m sglang.launch_server --model-path {model} --host {host} --port {port} --enable-metrics",
    ready: { path: "/health" },
  },
} as const satisfies Record<string, ServerCommand>;

export type Engine = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as Engine[];
