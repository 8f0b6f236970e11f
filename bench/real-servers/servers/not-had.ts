// Servers that were tried and that no package gives, each with what stopped it.
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
  "its package on PyPI is the build for CUDA; there is none for the CPU, and the kernels for it have to be built from source",
);

export const tgi: RealServer = notHad(
  "TGI",
  "no package has it: neither `text-generation-server` nor `text-generation-inference` is on PyPI; it comes as a container image",
);

export const llamaCppPython: RealServer = notHad(
  "llama-cpp-python's server",
  "PyPI has no wheel of it, only the source of all of llama.cpp; what it serves is the llama.cpp that llama-server is proven with",
);

export const ollama: RealServer = notHad(
  "Ollama",
  "the packages `ollama` on PyPI and npm are clients; the server's Go module has to be built with a C++ compiler",
);
