// The fake's endpoints, apart from those that generate text: what a client or the runner asks a llama-server for.

import type { Behaviour } from "./behaviour.ts";
import { errorJson } from "./chat-answer.ts";
import { type Exchange, sendWhole } from "./exchange.ts";
import { countWords } from "./prompt-tokens.ts";
import { type Counters, toMetricsText } from "./server-counters.ts";

export interface RouteContext {
  model: string;
  slots: number;
  contextSize: number;
  counters: Counters;
}

/** Another answer for a path; "*" means every path. */
export type RouteOverrides = Record<string, Behaviour | undefined>;

/** Answers anything but a request for text; what it does not know gets a 404. */
export function answerRoute(exchange: Exchange, context: RouteContext): void {
  const { method, path, body } = exchange.note;
  const json = (value: unknown): void =>
    sendWhole(exchange, 200, "application/json; charset=utf-8", JSON.stringify(value));
  switch (`${method} ${path.split("?")[0]}`) {
    case "GET /health":
    case "GET /v1/health":
      json({ status: "ok" });
      break;
    case "GET /models":
    case "GET /v1/models":
      json(toModels(context));
      break;
    case "GET /props":
      json(toProps(context));
      break;
    case "GET /metrics":
      sendWhole(exchange, 200, "text/plain; version=0.0.4", toMetricsText(context.counters));
      break;
    case "POST /tokenize": {
      const words = countWords(String((body as { content?: unknown } | undefined)?.content ?? ""));
      json({ tokens: Array.from({ length: words }, (_, index) => index + 1) });
      break;
    }
    default:
      sendWhole(exchange, 404, "application/json; charset=utf-8", errorJson(404, "File Not Found"));
      break;
  }
}

function toModels(context: RouteContext): unknown {
  return {
    object: "list",
    data: [
      {
        id: context.model,
        object: "model",
        created: Math.floor(Date.now() / 1000),
        owned_by: "llamacpp",
        meta: {
          vocab_type: 2,
          n_vocab: 49152,
          n_ctx_train: 8192,
          n_embd: 576,
          n_params: 134515008,
          size: 91012608,
        },
      },
    ],
  };
}

function toProps(context: RouteContext): unknown {
  return {
    default_generation_settings: { n_ctx: context.contextSize, params: {} },
    total_slots: context.slots,
    model_alias: context.model,
    model_path: `/models/${context.model}.gguf`,
    modalities: { vision: false, audio: false },
    chat_template: "",
    build_info: "b0-fake",
    is_sleeping: false,
  };
}
