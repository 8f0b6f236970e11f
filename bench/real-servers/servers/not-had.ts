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
  "`pip` finds no wheel of it; its source began to build (gcc, cmake, ninja) and was stopped after a third of its files",
);
