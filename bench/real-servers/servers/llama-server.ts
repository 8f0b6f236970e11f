// llama-server, as `npm run setup` fetches it, with the small model.
import { existsSync } from "node:fs";
import { execa } from "execa";
import { UserError } from "../../../bench-runner/platform/user-error.ts";
import type { ProcessPlan } from "../processes.ts";
import type { RealServer } from "../real-server.ts";

const KEY = "sk-real-servers-key";

/** @throws UserError where setup has not been run */
export function findLlamaServer(): { program: string; model: string } {
  const { LLAMA_SERVER_BIN_PATH: program, SERVER_BENCH_MODEL: model } = process.env;
  if (!program || !model || !existsSync(program) || !existsSync(model)) {
    throw new UserError(
      "needs the variables LLAMA_SERVER_BIN_PATH and SERVER_BENCH_MODEL with the paths of llama-server and a small GGUF model",
    );
  }
  return { program, model };
}

/** One thread and no busy waiting: on a machine that others use, threads that wait for each other stand still. */
export function planLlamaServer(port: number, key?: string, args: readonly string[] = []): ProcessPlan {
  const { program, model } = findLlamaServer();
  return {
    name: "llama-server",
    file: program,
    args: [
      ...["--model", model, "--host", "127.0.0.1", "--port", String(port)],
      ...["--threads", "1", "--poll", "0", "--parallel", "2", "--ctx-size", "4096", "--metrics", ...args],
    ],
    ...(key !== undefined && { env: { LLAMA_API_KEY: key } }),
    readyUrl: `http://127.0.0.1:${port}/health`,
    readySeconds: 120,
  };
}

export async function readLlamaVersion(): Promise<string> {
  const { all = "" } = await execa(findLlamaServer().program, ["--version"], { all: true, reject: false });
  const build = /\(build (\d+)/.exec(all)?.[1] ?? /version: (\d+)/.exec(all)?.[1];
  return build === undefined ? "unknown" : `b${build}`;
}

export const llamaServer: RealServer = {
  name: "llama-server",
  obtain: async () => {
    findLlamaServer();
    return {
      version: await readLlamaVersion(),
      plan: ({ server }) => [planLlamaServer(server, KEY)],
      expected: {
        software: "llama-server",
        args: [],
        apis: ["chat", "completions", "completion", "messages", "responses"],
        key: KEY,
        hasCounters: true,
        takesChoices: true,
        explained: {
          "n = 2": "the server reports the usage of each choice alone, so tokens are estimated by events",
        },
      },
    };
  },
};
