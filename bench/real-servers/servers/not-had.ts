// Servers that could not be had from packages, each with what stopped it.
import { UserError } from "../../../bench-runner/platform/user-error.ts";
import type { RealServer } from "../real-server.ts";

const notHad = (name: string, reason: string): RealServer => ({
  name,
  obtain: async () => {
    throw new UserError(reason);
  },
});

export const sglang: RealServer = notHad(
  "SGLang",
  "`pip` resolves its package (with torch for CUDA, triton and kernels for GPUs); it was not installed, and no package `sglang-cpu` exists",
);

export const tgi: RealServer = notHad(
  "TGI",
  "neither `text-generation-server` nor `text-generation-inference` is on PyPI",
);

export const llamaCppPython: RealServer = notHad(
  "llama-cpp-python's server",
  "`pip` finds no wheel of it; building it from source was not tried",
);

export const ollama: RealServer = notHad(
  "Ollama",
  "the package `ollama` on PyPI is the client; building the server from its Go module was not tried",
);
