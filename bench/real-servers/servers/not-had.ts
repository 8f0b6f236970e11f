// Servers that could not be had from packages, each with what stopped it.
import { UserError } from "../../../bench-runner/platform/user-error.ts";
import type { RealServer } from "../real-server.ts";

const notHad = (name: string, reason: string): RealServer => ({
  name,
  obtain: async () => {
    throw new UserError(reason);
  },
});

export const tgi: RealServer = notHad(
  "TGI",
  "neither `text-generation-server` nor `text-generation-inference` is on PyPI, and its router is no crate of crates.io: it is handed out as container images",
);

export const mistralRs: RealServer = notHad(
  "mistral.rs",
  "its wheel on PyPI (`mistralrs` 0.9.5) has no HTTP server; the crate `mistralrs-cli` 0.8.1 has one and was not built: 2 cores take too long for it",
);

export const llamaCppPython: RealServer = notHad(
  "llama-cpp-python's server",
  "`pip` finds no wheel of it; building it from source was not tried",
);

export const ollama: RealServer = notHad(
  "Ollama",
  "the package `ollama` on PyPI is the client; building the server from its Go module was not tried",
);
