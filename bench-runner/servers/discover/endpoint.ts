// Which API of a server is measured by default: by what the server is, or by the paths that it describes. Pure.
import { apiOf, ENDPOINTS } from "../../../lib/core/apis/apis.ts";
import { type Answers, objectOf, statusOf } from "./answers.ts";
import { endpointOfSoftware, type FoundEndpoint, type Software } from "./software.ts";

/** The first API with a path in /openapi.json, which servers made with FastAPI have. */
function findByPaths(answers: Answers): FoundEndpoint | undefined {
  const paths = Object.keys((objectOf(answers["/openapi.json"]).paths ?? {}) as object);
  const name = ENDPOINTS.find((endpoint) => paths.includes(apiOf(endpoint).path));
  return name && { name, why: `\`/openapi.json\` has \`${apiOf(name).path}\`` };
}

/**
 * @returns undefined where nothing shows it: the default then applies. Whether a model is trained for chats cannot be
 *   seen from outside: for base models the user has to give `--endpoint completions`.
 */
export function findEndpoint(answers: Answers, software: Software | undefined): FoundEndpoint | undefined {
  if (software !== undefined) return endpointOfSoftware(software, answers);
  if (statusOf(answers["/v1/models"]) !== 200) return findByPaths(answers);
  return { name: "chat", why: "`/v1/models` answers, as OpenAI's does" };
}
