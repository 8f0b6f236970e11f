// Which API of a server is measured, where nobody says: by what the server is, or by the paths that it tells. Pure.
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { type Answers, objectOf, statusOf } from "./answers.ts";
import type { Software } from "./software.ts";

/** A name of `--endpoint`. */
export interface FoundEndpoint {
  name: string;
  /** A clause. */
  why: string;
}

const KNOWN: readonly string[] = LOAD_OPTIONS.endpoint.choices;

/** Paths of a server's own description, the best first. */
const BY_PATH: readonly (readonly [string, string])[] = [
  ["/v1/chat/completions", "chat"],
  ["/v1/completions", "completions"],
  ["/v1/messages", "messages"],
  ["/generate_stream", "generate-stream"],
  ["/generate", "generate"],
];

/** An endpoint that this program can measure; undefined for one that it cannot. */
function known(name: string, why: string): FoundEndpoint | undefined {
  return KNOWN.includes(name) ? { name, why } : undefined;
}

/** By /openapi.json, which servers made with FastAPI have. */
function findByPaths(answers: Answers): FoundEndpoint | undefined {
  const paths = Object.keys((objectOf(answers["/openapi.json"]).paths ?? {}) as object);
  for (const [path, name] of BY_PATH) {
    if (paths.includes(path) && KNOWN.includes(name))
      return { name, why: `\`/openapi.json\` has \`${path}\`` };
  }
  return undefined;
}

/**
 * @returns undefined where nothing tells: the default then stands. Whether a model knows chats cannot be seen from outside:
 *   for base models `--endpoint completions` is the user's to say.
 */
export function findEndpoint(answers: Answers, software: Software | undefined): FoundEndpoint | undefined {
  const hasList = statusOf(answers["/v1/models"]) === 200;
  if (software === undefined) {
    return hasList ? known("chat", "`/v1/models` answers, as OpenAI's does") : findByPaths(answers);
  }
  switch (software.name) {
    case "Ollama":
      return (
        known("ollama", "Ollama's own API, which tells its times") ?? known("chat", "Ollama has it, too")
      );
    case "Anthropic's API":
      return known("messages", "Anthropic's API");
    case "TGI":
      return hasList ? known("chat", "TGI has OpenAI's API") : known("generate-stream", "TGI's own API");
    default:
      return known("chat", `${software.name} has OpenAI's API`);
  }
}
