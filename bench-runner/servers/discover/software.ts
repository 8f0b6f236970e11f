// Which program a server is, by what only that program answers. Pure.
import { type Answers, jsonOf, objectOf, objectsIn, textOf } from "./answers.ts";

export type SoftwareName =
  | "llama-server"
  | "vLLM"
  | "SGLang"
  | "TGI"
  | "Ollama"
  | "LM Studio"
  | "LiteLLM"
  | "Anthropic's API";

export interface Software {
  name: SoftwareName;
  version?: string;
  /** The answer that tells: a clause. */
  why: string;
}

type Sign = { version?: string | undefined; why: string } | undefined;

/** Who owns the first model of /v1/models, as vLLM, SGLang and llama-server fill it in. */
function ownerOf(answers: Answers): string | undefined {
  return textOf(objectsIn(objectOf(answers["/v1/models"]).data)[0]?.owned_by);
}

/** In the order in which they are looked for: a proxy first, since what stands behind it may show through. */
const SIGNS: readonly (readonly [SoftwareName, (answers: Answers) => Sign])[] = [
  [
    "LiteLLM",
    (answers) => {
      const said = jsonOf(answers["/health/liveliness"]);
      if (typeof said !== "string" || !/alive/i.test(said)) return undefined;
      return { why: `\`/health/liveliness\` says "${said.slice(0, 40)}"` };
    },
  ],
  [
    "Ollama",
    (answers) => {
      const version = textOf(objectOf(answers["/api/version"]).version);
      if (version === undefined || !Array.isArray(objectOf(answers["/api/tags"]).models)) return undefined;
      return { version, why: "`/api/version` and `/api/tags` answer" };
    },
  ],
  [
    "LM Studio",
    (answers) => {
      const models = objectsIn(objectOf(answers["/api/v0/models"]).data);
      const isIt = models.some(
        ({ state, type }) => textOf(state) !== undefined && textOf(type) !== undefined,
      );
      return isIt ? { why: "`/api/v0/models` lists models with their states" } : undefined;
    },
  ],
  [
    "SGLang",
    (answers) => {
      const info = objectOf(answers["/get_model_info"]);
      if (textOf(info.model_path) === undefined && ownerOf(answers) !== "sglang") return undefined;
      return {
        why: ownerOf(answers) === "sglang" ? "`/v1/models` is owned by sglang" : "`/get_model_info` answers",
      };
    },
  ],
  [
    "vLLM",
    (answers) => {
      if (ownerOf(answers) !== "vllm") return undefined;
      return { version: textOf(objectOf(answers["/version"]).version), why: "`/v1/models` is owned by vllm" };
    },
  ],
  [
    "TGI",
    (answers) => {
      const { model_id, version, router, max_concurrent_requests } = objectOf(answers["/info"]);
      const isIt = router === "text-generation-router" || max_concurrent_requests !== undefined;
      if (textOf(model_id) === undefined || !isIt) return undefined;
      return { version: textOf(version), why: "`/info` tells its model and limits" };
    },
  ],
  [
    "llama-server",
    (answers) => {
      const { build_info, default_generation_settings, total_slots } = objectOf(answers["/props"]);
      if (default_generation_settings === undefined && total_slots === undefined) {
        return ownerOf(answers) === "llamacpp" ? { why: "`/v1/models` is owned by llamacpp" } : undefined;
      }
      return { version: textOf(build_info), why: "`/props` tells its slots and settings" };
    },
  ],
  [
    "Anthropic's API",
    (answers) => {
      const { data, has_more } = objectOf(answers["/v1/models"]);
      const [first] = objectsIn(data);
      if (first?.type !== "model" || typeof has_more !== "boolean") return undefined;
      return { why: "`/v1/models` has the form of Anthropic's" };
    },
  ],
];

/** @returns undefined for a server that none of the signs fit: OpenAI-compatible ones need none */
export function recogniseSoftware(answers: Answers): Software | undefined {
  for (const [name, find] of SIGNS) {
    const sign = find(answers);
    if (sign !== undefined) {
      return { name, why: sign.why, ...(sign.version !== undefined && { version: sign.version }) };
    }
  }
  return undefined;
}
