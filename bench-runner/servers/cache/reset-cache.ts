// Empties a server's prompt cache between two loads, where the server has a request for that.
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import type { Access } from "../../platform/access.ts";
import { describeProblem, requestServer } from "../../platform/server-request.ts";
import { serverWords } from "../../platform/server-words.ts";
import type { CacheReset } from "../../run-folder/run-files.ts";
import { countSlots } from "../discover/count-slots.ts";
import type { SoftwareName } from "../discover/software.ts";

/** A slot that answers someone is erased when it is done. */
const TIMEOUT_MS = 30_000;
/** Assumed where a llama-server does not say how many slots it has. */
const ONE_SLOT = 1;

export interface CachedServer {
  url: string;
  software?: SoftwareName | undefined;
  /** Only a llama-server that was started without a cache in host memory forgets everything with its slots. */
  hasHostCache?: boolean | undefined;
}

type Answer = { status: number; text: string } | { problem: string };

/** Never throws: a refusal is part of the result. */
export async function resetCache(server: CachedServer, access: Access): Promise<CacheReset> {
  const post: Post = async (path) => {
    try {
      return await requestServer(endpointUrl(server.url, path), access, { timeoutMs: TIMEOUT_MS, body: "" });
    } catch (error) {
      return { problem: describeProblem(error) };
    }
  };
  switch (server.software) {
    case "llama-server":
      return eraseSlots((await countSlots(server.url, access, TIMEOUT_MS)) ?? ONE_SLOT, server, post);
    case "vLLM":
      return flush("/reset_prefix_cache", "vLLM has it only with `VLLM_SERVER_DEV_MODE=1`", post);
    case "SGLang":
      return flush("/flush_cache", "SGLang refuses it while requests run", post);
    case undefined:
      return { state: "kept", said: "no request is known that empties it on this server" };
    default:
      return { state: "kept", said: `${server.software} has no request that empties it` };
  }
}

type Post = (path: string) => Promise<Answer>;

const isGood = (answer: Answer) => "status" in answer && answer.status >= 200 && answer.status < 300;

/** "501: This server does not support slots action …", "ECONNREFUSED". */
function describeAnswer(answer: Answer): string {
  if ("problem" in answer) return answer.problem;
  const words = serverWords(answer.text);
  return words === undefined ? String(answer.status) : `${answer.status}: ${words}`;
}

async function flush(path: string, hint: string, post: Post): Promise<CacheReset> {
  const answer = await post(path);
  if (isGood(answer)) return { state: "emptied", said: `\`POST ${path}\`` };
  return { state: "kept", said: `\`POST ${path}\` was answered ${describeAnswer(answer)} (${hint})` };
}

async function eraseSlots(count: number, { hasHostCache }: CachedServer, post: Post): Promise<CacheReset> {
  for (let slot = 0; slot < count; slot++) {
    const answer = await post(`/slots/${slot}?action=erase`);
    if (isGood(answer)) continue;
    const hint = "llama-server erases slots only with `--slot-save-path FOLDER`";
    return { state: "kept", said: `slot ${slot} was not erased: ${describeAnswer(answer)} (${hint})` };
  }
  const erased = count === 1 ? "its slot was erased" : `its ${count} slots were erased`;
  if (hasHostCache === false)
    return { state: "emptied", said: `${erased}; it keeps no prompts in host memory` };
  return {
    state: "partly",
    said: `${erased}; prompts in its host memory stay there, unless it was started with \`--cache-ram 0\``,
  };
}
