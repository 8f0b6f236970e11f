// The APIs of inference servers, one row each: where requests go, what they are made of, how their answers are read.
//
// The names are those of `--endpoint`. Bodies are made by body.ts for the two OpenAI completions, else by bodies/. A new
// API is one row here, one dialect (dialects/) for its answers, and a body where no other one fits.
import type { ReadingForm } from "../prompts/reading-form.ts";
import type { DialectName } from "./dialects/index.ts";
import type { AuthStyle } from "./headers.ts";

/** An option that an API may be without. */
export type ApiOption =
  | "topP"
  | "topK"
  | "minP"
  | "presencePenalty"
  | "frequencyPenalty"
  | "stop"
  | "responseFormat"
  | "tools"
  | "cachePrompt";

export interface Api {
  /** Below the server's root, with the version where there is one. */
  path: string;
  /** Where whole answers have a path of their own. */
  syncPath?: string;
  /** What a prompt is sent as. */
  input: "messages" | "text";
  /** How a stream is read. */
  dialect: DialectName;
  /** How a whole answer is read; absent where the API has none that could be measured. */
  syncDialect?: DialectName;
  /** How the key is sent. */
  auth: AuthStyle;
  /** What every request has of headers besides its media types and its key. */
  headers?: Record<string, string>;
  /** Options that have no place in its requests. */
  lacks: readonly ApiOption[];
  /** An answer can be had in an exact length (`--output-length exact`). */
  exactLength?: true;
  /** The text of an answer begins with its prompt: it is no message of a conversation. */
  repeatsPrompt?: true;
  /** Requests go through k6's own gRPC client: one stream after the other, in a plain load. */
  grpc?: true;
}

/** Of those that know neither tools nor forms of an answer, nor ask for the cache to be left alone. */
const PLAIN = ["responseFormat", "tools"] as const;

export const APIS = {
  chat: {
    path: "/v1/chat/completions",
    input: "messages",
    dialect: "chat-completions",
    syncDialect: "chat-completions-sync",
    auth: "bearer",
    lacks: [],
    exactLength: true,
  },
  completions: {
    path: "/v1/completions",
    input: "text",
    dialect: "completions",
    syncDialect: "completions-sync",
    auth: "bearer",
    lacks: ["tools"],
    exactLength: true,
  },
  responses: {
    path: "/v1/responses",
    input: "messages",
    dialect: "responses",
    syncDialect: "responses-sync",
    auth: "bearer",
    lacks: ["topK", "minP", "presencePenalty", "frequencyPenalty", "stop", "cachePrompt"],
  },
  messages: {
    path: "/v1/messages",
    input: "messages",
    dialect: "messages",
    syncDialect: "messages-sync",
    auth: "x-api-key",
    headers: { "anthropic-version": "2023-06-01" },
    lacks: ["minP", "presencePenalty", "frequencyPenalty", "responseFormat", "cachePrompt"],
  },
  completion: {
    path: "/completion",
    input: "text",
    dialect: "llama-completion",
    syncDialect: "llama-completion-sync",
    auth: "bearer",
    lacks: PLAIN,
    exactLength: true,
  },
  generate: {
    path: "/generate",
    input: "text",
    dialect: "vllm-generate",
    auth: "bearer",
    lacks: [...PLAIN, "cachePrompt"],
    exactLength: true,
    repeatsPrompt: true,
  },
  "generate-stream": {
    path: "/generate_stream",
    syncPath: "/generate",
    input: "text",
    dialect: "generate-stream",
    syncDialect: "generate-stream-sync",
    auth: "bearer",
    lacks: [...PLAIN, "minP", "cachePrompt"],
    exactLength: true,
  },
  ollama: {
    path: "/api/chat",
    input: "messages",
    dialect: "ollama-chat",
    syncDialect: "ollama-chat-sync",
    auth: "bearer",
    lacks: ["cachePrompt"],
  },
  amsv2: {
    path: "/generate_stream",
    input: "text",
    dialect: "amsv2",
    auth: "bearer",
    lacks: [...PLAIN, "minP", "presencePenalty", "frequencyPenalty", "stop", "cachePrompt"],
  },
  ppl: {
    path: "/ppl.llm.proto.LLMService/Generation",
    input: "text",
    dialect: "ppl",
    auth: "bearer",
    lacks: [...PLAIN, "minP", "stop", "cachePrompt"],
    exactLength: true,
    grpc: true,
  },
} as const satisfies Record<string, Api>;

/** A name of `--endpoint`. */
export type Endpoint = keyof typeof APIS;

export const ENDPOINTS = Object.keys(APIS) as readonly Endpoint[];

/** The row of an API. */
export function apiOf(endpoint: Endpoint): Api {
  return APIS[endpoint];
}

/** Where a run's requests go, below the server's root. */
export function pathOf({ endpoint, mode }: { endpoint: Endpoint; mode: "stream" | "sync" }): string {
  const { path, syncPath = path } = apiOf(endpoint);
  return mode === "sync" ? syncPath : path;
}

/** What a load needs of its rows: answers for the turns after them only, plain prompts where the API takes texts. */
export function toReadingForm({
  maxTurns,
  history,
  endpoint,
}: {
  maxTurns: number;
  history: "real" | "dataset";
  endpoint: Endpoint;
}): Required<ReadingForm> {
  return {
    maxTurns,
    keepAnswers: history === "dataset" && maxTurns > 1,
    style: apiOf(endpoint).input === "text" ? "plain" : "chat",
  };
}
