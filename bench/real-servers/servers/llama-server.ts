// llama-server, as `npm run setup` fetches it, with the small model.
import { execa } from "execa";
import { findLlama, planLlamaServer } from "../../llama-server.ts";
import type { ProcessPlan } from "../../server-processes.ts";
import type { Expected, RealServer } from "../real-server.ts";

const KEY = "sk-real-servers-key";

/** One thread and no busy waiting: on a machine that others use, threads that wait for each other stand still. */
export function planRealLlamaServer(port: number, key?: string): ProcessPlan {
  const args = ["--poll", "0", "--parallel", "2", "--ctx-size", "4096", "--metrics"];
  return planLlamaServer({ port, threads: 1, args, ...(key !== undefined && { key }) });
}

async function readLlamaVersion(): Promise<string> {
  const { all = "" } = await execa(findLlama().program, ["--version"], { all: true, reject: false });
  const build = /\(build (\d+)/.exec(all)?.[1] ?? /version: (\d+)/.exec(all)?.[1];
  return build === undefined ? "unknown" : `b${build}`;
}

/** What llama.cpp's server has, in whatever program it runs. */
export const LLAMA_EXPECTED: Expected = {
  software: "llama-server",
  args: [],
  apis: ["chat", "completions", "completion", "messages", "responses"],
  hasCounters: true,
  takesChoices: true,
  explained: {
    "n = 2": "the server reports the usage of each choice alone, so tokens are estimated by events",
  },
};

export const llamaServer: RealServer = {
  name: "llama-server",
  obtain: async () => {
    findLlama();
    return {
      version: await readLlamaVersion(),
      plan: ({ server }) => [planRealLlamaServer(server, KEY)],
      expected: { ...LLAMA_EXPECTED, key: KEY },
    };
  },
};
