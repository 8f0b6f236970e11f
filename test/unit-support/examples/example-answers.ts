// The answers of servers to the requests of discovery, reduced to what identifies them: for tests.
import type { Answer, Answers, AskedPath } from "../../../bench-runner/servers/discover/answers.ts";

const json = (value: unknown): Answer => ({ status: 200, text: JSON.stringify(value) });
const list = (owner: string, ...ids: string[]) =>
  json({ object: "list", data: ids.map((id) => ({ id, object: "model", created: 1, owned_by: owner })) });

/** Every other path answers 404. */
export function toAnswers(given: { [P in AskedPath]?: Answer }): Answers {
  const missing: Answer = { status: 404, text: '{"detail":"Not Found"}' };
  return {
    ...{ "/v1/models": missing, "/props": missing, "/version": missing, "/get_model_info": missing },
    ...{ "/info": missing, "/api/version": missing, "/api/tags": missing, "/api/v0/models": missing },
    ...{ "/health/liveliness": missing, "/health": missing },
    ...given,
  };
}

const ok: Answer = { status: 200, text: "" };

export const EXAMPLE_ANSWERS: Record<string, Answers> = {
  "llama-server": toAnswers({
    "/v1/models": list("llamacpp", "smollm2"),
    "/props": json({
      default_generation_settings: { n_ctx: 4096 },
      total_slots: 4,
      model_path: "/models/smollm2.gguf",
      build_info: "b6500-abc",
    }),
    // It has Ollama's list as well, for clients that ask for it.
    "/api/tags": json({ models: [{ name: "smollm2", model: "smollm2" }] }),
    "/health": json({ status: "ok" }),
  }),
  vllm: toAnswers({
    "/v1/models": list("vllm", "Qwen/Qwen3-8B"),
    "/version": json({ version: "0.10.2" }),
    "/health": ok,
  }),
  sglang: toAnswers({
    "/v1/models": list("sglang", "Qwen/Qwen3-8B"),
    "/get_model_info": json({ model_path: "Qwen/Qwen3-8B", is_generation: true }),
    "/health": ok,
  }),
  tgi: toAnswers({
    "/info": json({
      model_id: "meta-llama/Llama-3.1-8B",
      max_concurrent_requests: 128,
      router: "text-generation-router",
      version: "3.3.0",
    }),
    "/health": ok,
  }),
  ollama: toAnswers({
    "/v1/models": list("library", "llama3.2:1b", "qwen3:8b"),
    "/api/version": json({ version: "0.12.3" }),
    "/api/tags": json({ models: [{ name: "llama3.2:1b" }, { name: "qwen3:8b" }] }),
  }),
  "lm-studio": toAnswers({
    "/v1/models": list("organization_owner", "qwen3-4b", "text-embedding-nomic-embed-text-v1.5"),
    "/api/v0/models": json({
      object: "list",
      data: [
        { id: "qwen3-4b", object: "model", type: "llm", state: "loaded" },
        {
          id: "text-embedding-nomic-embed-text-v1.5",
          object: "model",
          type: "embeddings",
          state: "not-loaded",
        },
      ],
    }),
    // It answers unknown paths with 200.
    "/props": json({ error: "Unexpected endpoint or method. (GET /props)" }),
    "/info": json({ error: "Unexpected endpoint or method. (GET /info)" }),
    "/health": json({ error: "Unexpected endpoint or method. (GET /health)" }),
  }),
  litellm: toAnswers({
    "/v1/models": list("openai", "gpt-4o", "local-qwen"),
    "/health/liveliness": json("I'm alive!"),
  }),
  anthropic: toAnswers({
    "/v1/models": json({
      data: [{ type: "model", id: "claude-test", display_name: "Test", created_at: "2025-01-01T00:00:00Z" }],
      has_more: false,
      first_id: "claude-test",
      last_id: "claude-test",
    }),
  }),
  "openai-compatible": toAnswers({ "/v1/models": list("someone", "a-model") }),
  "only-generate": toAnswers({
    "/openapi.json": json({ openapi: "3.1.0", paths: { "/health": {}, "/generate": {} } }),
    "/health": ok,
  }),
  "only-completions": toAnswers({
    "/openapi.json": json({ paths: { "/v1/completions": {}, "/generate_stream": {} } }),
  }),
  nothing: toAnswers({}),
};
