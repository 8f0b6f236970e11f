// What holds for the answers of every server: which fields count tokens, which finish reasons mean failure, which keys errors and labels have.
import type { Dialect, ErrorPlace } from "../request/dialect.ts";

export const sharedRules = {
  counts: ["promptTokens", "completionTokens", "totalTokens", "cachedTokens", "reasoningTokens"],
  /**
   * vLLM and SGLang: `abort`, `error`. TensorRT-LLM: `cancelled`, `timeout`. OpenRouter, Mistral, lmdeploy: `error`. OpenAI
   * responses: `failed`, `cancelled`. DeepSeek: `insufficient_system_resource`.
   */
  failures: ["abort", "cancel", "error", "fail", "timeout", "insufficient"],
  labels: [
    ...["id", "object", "model", "system_fingerprint", "service_tier", "provider", "created_at", "created"],
    ...[
      "role",
      "type",
      "name",
      "status",
      "finish_reason",
      "native_finish_reason",
      "stop_reason",
      "matched_stop",
    ],
    ...["stop_sequence", "stopping_word", "done_reason", "call_id", "item_id", "request_id", "signature"],
    ...["obfuscation", "token", "format"],
  ],
} as const satisfies Pick<Dialect, "counts" | "failures" | "labels">;

/**
 * `error`: OpenAI's form, of nearly all. `{"object": "error", "message": …}`: FastChat, lmdeploy, older vLLM.
 * `detail`: FastAPI's own. `error_code`: FastChat.
 */
export const sharedErrors = [
  "error",
  "detail",
  "error_code",
  { path: "message", when: { path: "object", equals: "error" } },
  { when: { path: "object", equals: "error" } },
  { when: { path: "type", equals: "error" } },
] as const satisfies readonly ErrorPlace[];
