// The real servers, in the order in which they are tried. Another one is a file in servers/ and a row here.
import type { RealServer } from "./real-server.ts";
import { liteLlm } from "./servers/litellm.ts";
import { llamaServer } from "./servers/llama-server.ts";
import { llamaCppPython, mistralRs, tgi } from "./servers/not-had.ts";
import { ollama } from "./servers/ollama.ts";
import { sglang } from "./servers/sglang.ts";
import { transformersServe } from "./servers/transformers-serve.ts";
import { vllm } from "./servers/vllm.ts";
import { xllamacpp } from "./servers/xllamacpp.ts";

/** By their names in `--only`. */
export const SERVERS: Readonly<Record<string, RealServer>> = {
  "llama-server": llamaServer,
  litellm: liteLlm,
  vllm,
  transformers: transformersServe,
  xllamacpp,
  sglang,
  ollama,
  tgi,
  "mistral.rs": mistralRs,
  "llama-cpp-python": llamaCppPython,
};
