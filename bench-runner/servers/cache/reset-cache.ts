// Empties a server's prompt cache between two loads, where the server has a request for that.
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import type { Access } from "../../platform/access.ts";
import { describeProblem, requestServer } from "../../platform/server-request.ts";
import { serverWords } from "../../platform/server-words.ts";
import type { CacheReset } from "../../run-folder/run-files.ts";
import type { SoftwareName } from "../discover/software.ts";

/** A slot that answers someone is erased when it is done. */
const TIMEOUT_MS = 30_000;
/** Of a llama-server that does not say how many slots it has. */
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
  const send = async (path: string, body?: string): Promise<Answer> => {
    try {
      const sent = body === undefined ? {} : { body };
      return await requestServer(endpointUrl(server.url, path), access, { timeoutMs: TIMEOUT_MS, ...sent });
    } catch (error) {
      return { problem: describeProblem(error) };
    }
  };
  switch (server.software) {
    case "llama-server":
      return eraseSlots(server, send);
    case "vLLM":
      return post("/reset_prefix_cache", "vLLM has it only with `VLLM_SERVER_DEV_MODE=1`", send);
    case "SGLang":
      return post("/flush_cache", "SGLang refuses it while requests run", send);
    case undefined:
      return { state: "kept", said: "no request is known that empties it on this server" };
    default:
      return { state: "kept", said: `${server.software} has no request that empties it` };
  }
}

type Send = (path: string, body?: string) => Promise<Answer>;

const isGood = (answer: Answer) => "status" in answer && answer.status >= 200 && answer.status < 300;

/** "501: This server does not support slots action …", "ECONNREFUSED". */
function describeAnswer(answer: Answer): string {
  if ("problem" in answer) return answer.problem;
  const words = serverWords(answer.text);
  return words === undefined ? String(answer.status) : `${answer.status}: ${words}`;
}

async function post(path: string, hint: string, send: Send): Promise<CacheReset> {
  const answer = await send(path, "");
  if (isGood(answer)) return { state: "emptied", said: `\`POST ${path}\`` };
  return { state: "kept", said: `\`POST ${path}\` was answered ${describeAnswer(answer)} (${hint})` };
}

async function eraseSlots({ hasHostCache }: CachedServer, send: Send): Promise<CacheReset> {
  const count = await countSlots(send);
  for (let slot = 0; slot < count; slot++) {
    const answer = await send(`/slots/${slot}?action=erase`, "");
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

async function countSlots(send: Send): Promise<number> {
  const answer = await send("/props");
  if (!("status" in answer) || !isGood(answer)) return ONE_SLOT;
  try {
    const { total_slots: count } = JSON.parse(answer.text) as { total_slots?: unknown };
    return typeof count === "number" && count > 0 ? count : ONE_SLOT;
  } catch {
    return ONE_SLOT;
  }
}
