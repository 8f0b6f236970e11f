// Sends a server the requests by which it is recognized.
import { apiOf } from "../../../lib/core/apis/apis.ts";
import { toKeyHeader } from "../../../lib/core/apis/headers.ts";
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import { type Access, OPEN_ACCESS } from "../../platform/access.ts";
import { describeProblem, requestServer } from "../../platform/server-request.ts";
import { UserError } from "../../platform/user-error.ts";
import { type Answer, type Answers, type AskedPath, FIRST_PATHS, statusOf } from "./answers.ts";
import { recognizeSoftware } from "./software.ts";

const TIMEOUT_MS = 10_000;

/** With the headers that Anthropic's API takes a key by; undefined where there is no key. */
function asAnthropic({ headers, ...access }: Access): Access | undefined {
  const [, key] = /^Bearer (.+)$/.exec(headers.Authorization ?? "") ?? [];
  if (key === undefined) return undefined;
  const { auth, headers: own } = apiOf("messages");
  return { ...access, headers: { ...headers, ...toKeyHeader(key, auth), ...own } };
}

/**
 * @param url as the user gives it
 * @throws UserError where the trusted certificates cannot be read
 */
export async function askServer(url: string, access: Access = OPEN_ACCESS): Promise<Answers> {
  const ask = async (path: AskedPath, by: Access = access): Promise<Answer> => {
    try {
      return await requestServer(endpointUrl(url, path), by, { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (error instanceof UserError) throw error;
      return { problem: describeProblem(error) };
    }
  };
  const first = await Promise.all(FIRST_PATHS.map(async (path) => [path, await ask(path)] as const));
  const answers: { [P in AskedPath]?: Answer } = Object.fromEntries(first);
  const anthropic = asAnthropic(access);
  if (anthropic !== undefined && statusOf(answers["/v1/models"]) === 401) {
    const again = await ask("/v1/models", anthropic);
    if (statusOf(again) === 200) answers["/v1/models"] = again;
  }
  if (recognizeSoftware(answers)?.name !== "LiteLLM") answers["/health"] = await ask("/health");
  if (statusOf(answers["/v1/models"]) === 404) answers["/openapi.json"] = await ask("/openapi.json");
  return answers;
}
