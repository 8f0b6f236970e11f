// xllamacpp's server: llama.cpp's own, inside a Python process.
import { join } from "node:path";
import { findLlama } from "../../llama-server.ts";
import { installPackages } from "../../python-environment.ts";
import type { RealServer } from "../real-server.ts";
import { SERVERS_FOLDER } from "../servers-folder.ts";
import { LLAMA_EXPECTED } from "./llama-server.ts";

const VERSION = "2026.10.11549";
const KEY = "sk-real-servers-key";

const SCRIPT = `
import sys, threading, xllamacpp
model, port, key = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = model
params.hostnames, params.port = ["127.0.0.1"], int(port)
params.api_keys = [key]
params.endpoint_metrics = True
params.n_ctx, params.n_parallel = 4096, 2
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
threading.Event().wait()
`;

export const xllamacpp: RealServer = {
  name: "xllamacpp's server",
  obtain: async () => {
    const { model } = findLlama();
    const programs = await installPackages({
      folder: join(SERVERS_FOLDER, "xllamacpp"),
      requirements: [`xllamacpp==${VERSION}`],
    });
    return {
      version: VERSION,
      plan: ({ server }) => [
        {
          name: "xllamacpp",
          file: join(programs, "python"),
          args: ["-c", SCRIPT, model, String(server), KEY],
          readyUrl: `http://127.0.0.1:${server}/health`,
          readySeconds: 120,
        },
      ],
      expected: { ...LLAMA_EXPECTED, key: KEY },
    };
  },
};
