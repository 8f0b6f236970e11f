// Counts tokens by the server's /tokenize: the only counter that cannot be wrong about the model.
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { UserError } from "../../platform/user-error.ts";
import { cacheCounts } from "./counter-cache.ts";
import type { TokenCounter } from "./token-counter.ts";
import { requestTokenize, type TokenizeServer } from "./tokenize-request.ts";

/** Enough to hide the round trip; the server's cores are needed for other work. */
const MOST_AT_ONCE = 4;

/** Any text with tokens: a server that finds none did not understand the request. */
const PROBE = "Hello, world";

async function countOne(server: TokenizeServer, text: string, stopped: AbortSignal): Promise<number> {
  if (text === "") return 0;
  const answer = await requestTokenize(server, text, stopped);
  if ("tokens" in answer) return answer.tokens;
  throw new UserError(
    `The server at ${hideUrlSecrets(server.url)} does not count a text of ${text.length} characters (\`/tokenize\` answered ${answer.status}). Count with \`--tokenizer FILE\` or \`--tokenizer words\`.`,
  );
}

/** The tokens of each text, in order, a few requests at a time; the first failure ends the others. */
async function countAll(server: TokenizeServer, texts: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  const failed = new AbortController();
  let next = 0;
  const work = async () => {
    while (next < texts.length && !failed.signal.aborted) {
      const index = next++;
      counts[index] = await countOne(server, texts[index] as string, failed.signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, work));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return counts;
}

/**
 * @returns undefined for a server without a /tokenize of this kind
 * @throws UserError if the server cannot be reached, refuses or fails; so does the counter
 */
export async function openServerCounter(server: TokenizeServer): Promise<TokenCounter | undefined> {
  const answer = await requestTokenize(server, PROBE, new AbortController().signal);
  if (!("tokens" in answer) || answer.tokens === 0) return undefined;
  return cacheCounts({
    by: "server",
    name: "the server's /tokenize",
    count: (texts) => countAll(server, texts),
  });
}
