// Which servers have each API: for the README's table and `--help`. Not in scenario bundles.
import type { Endpoint } from "./apis.ts";

export const API_DOCS: Record<Endpoint, string> = {
  chat: "OpenAI chat completions: llama-server, vLLM, SGLang, TGI, Ollama, LM Studio, LiteLLM",
  completions: "OpenAI completions, for base models: the same servers",
  responses: "OpenAI responses: llama-server, vLLM",
  messages: "Anthropic messages: llama-server, vLLM, Ollama, LM Studio, LiteLLM",
  completion: "llama.cpp's own",
  generate: "vLLM's legacy demo server, lines or zero bytes",
  "generate-stream": "Text Generation Inference, lightllm",
  ollama: "Ollama's own",
  amsv2: "AMS v2, a hosted service",
  ppl: "ppl.llm.serving, by gRPC",
};
