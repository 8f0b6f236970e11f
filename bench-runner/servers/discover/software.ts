// Which program a server is, by what only that program answers, and which of its APIs is measured. Pure.
import type { Endpoint } from "../../../lib/core/apis/apis.ts";
import { type Answers, jsonOf, objectOf, objectsIn, statusOf, textOf } from "./answers.ts";

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
  /** The answer that shows it: a clause. */
  why: string;
}

/** A name of `--endpoint`. */
export interface FoundEndpoint {
  name: Endpoint;
  /** A clause. */
  why: string;
}

type Sign = { version?: string | undefined; why: string } | undefined;

/** The owner of the first model of /v1/models, which vLLM, SGLang and llama-server fill in. */
function ownerOf(answers: Answers): string | undefined {
  return textOf(objectsIn(objectOf(answers["/v1/models"]).data)[0]?.owned_by);
}

interface Known {
  name: SoftwareName;
  /** What only this program answers; undefined for another one's answers. */
  signOf(answers: Answers): Sign;
  /** The API that is measured, and why; absent: chat completions. */
  endpointOf?(answers: Answers): FoundEndpoint;
}

/** In the order in which they are looked for: a proxy first, since the server behind it may show through. */
const SOFTWARE: readonly Known[] = [
  {
    name: "LiteLLM",
    signOf(answers) {
      const said = jsonOf(answers["/health/liveliness"]);
      if (typeof said !== "string" || !/alive/i.test(said)) return undefined;
      return { why: `\`/health/liveliness\` says "${said.slice(0, 40)}"` };
    },
  },
  {
    name: "Ollama",
    signOf(answers) {
      const version = textOf(objectOf(answers["/api/version"]).version);
      if (version === undefined || !Array.isArray(objectOf(answers["/api/tags"]).models)) return undefined;
      return { version, why: "`/api/version` and `/api/tags` answer" };
    },
    endpointOf: () => ({ name: "ollama", why: "Ollama's own API, which reports its times" }),
  },
  {
    name: "LM Studio",
    signOf(answers) {
      const models = objectsIn(objectOf(answers["/api/v0/models"]).data);
      const isIt = models.some(
        ({ state, type }) => textOf(state) !== undefined && textOf(type) !== undefined,
      );
      return isIt ? { why: "`/api/v0/models` lists models with their states" } : undefined;
    },
  },
  {
    name: "SGLang",
    signOf(answers) {
      const info = objectOf(answers["/get_model_info"]);
      if (textOf(info.model_path) === undefined && ownerOf(answers) !== "sglang") return undefined;
      return {
        why: ownerOf(answers) === "sglang" ? "`/v1/models` is owned by sglang" : "`/get_model_info` answers",
      };
    },
  },
  {
    name: "vLLM",
    signOf(answers) {
      if (ownerOf(answers) !== "vllm") return undefined;
      return { version: textOf(objectOf(answers["/version"]).version), why: "`/v1/models` is owned by vllm" };
    },
  },
  {
    name: "TGI",
    signOf(answers) {
      const { model_id, version, router, max_concurrent_requests } = objectOf(answers["/info"]);
      const isIt = router === "text-generation-router" || max_concurrent_requests !== undefined;
      if (textOf(model_id) === undefined || !isIt) return undefined;
      return { version: textOf(version), why: "`/info` has its model and limits" };
    },
    endpointOf: (answers) =>
      statusOf(answers["/v1/models"]) === 200
        ? { name: "chat", why: "TGI has OpenAI's API" }
        : { name: "generate-stream", why: "TGI's own API" },
  },
  {
    name: "llama-server",
    signOf(answers) {
      const { build_info, default_generation_settings, total_slots } = objectOf(answers["/props"]);
      if (default_generation_settings === undefined && total_slots === undefined) {
        return ownerOf(answers) === "llamacpp" ? { why: "`/v1/models` is owned by llamacpp" } : undefined;
      }
      return { version: textOf(build_info), why: "`/props` has its slots and settings" };
    },
  },
  {
    name: "Anthropic's API",
    signOf(answers) {
      const { data, has_more } = objectOf(answers["/v1/models"]);
      const [first] = objectsIn(data);
      if (first?.type !== "model" || typeof has_more !== "boolean") return undefined;
      return { why: "`/v1/models` has the form of Anthropic's" };
    },
    endpointOf: () => ({ name: "messages", why: "Anthropic's API" }),
  },
];

/** @returns undefined for a server that no sign fits: OpenAI-compatible ones need none */
export function recognizeSoftware(answers: Answers): Software | undefined {
  for (const { name, signOf } of SOFTWARE) {
    const sign = signOf(answers);
    if (sign !== undefined) {
      return { name, why: sign.why, ...(sign.version !== undefined && { version: sign.version }) };
    }
  }
  return undefined;
}

/** Which API this program is measured by. */
export function endpointOfSoftware({ name }: Software, answers: Answers): FoundEndpoint {
  const own = SOFTWARE.find((known) => known.name === name)?.endpointOf?.(answers);
  return own ?? { name: "chat", why: `${name} has OpenAI's API` };
}
