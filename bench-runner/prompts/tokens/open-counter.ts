// The option `tokenizer` → the counter.
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { UserError } from "../../platform/user-error.ts";
import { openServerCounter } from "./server-counter.ts";
import type { TokenCounter } from "./token-counter.ts";
import type { TokenizeServer } from "./tokenize-request.ts";
import { wordsCounter } from "./words-counter.ts";

/**
 * @param options.tokenizer "server"; "words"; or the path of a tokenizer.json or of its folder. Absent: the server if
 * it can, otherwise words.
 * @throws UserError if the requested one is not available
 */
export async function openTokenCounter(options: {
  tokenizer?: string | undefined;
  server: TokenizeServer;
}): Promise<TokenCounter> {
  const { tokenizer, server } = options;
  if (tokenizer === "words") return wordsCounter;
  if (tokenizer !== undefined && tokenizer !== "server") {
    const { openFileCounter } = await import("./file-counter.ts");
    return openFileCounter(tokenizer);
  }
  const counter = await openServerCounter(server);
  if (counter !== undefined) return counter;
  if (tokenizer === undefined) return wordsCounter;
  throw new UserError(
    `The server at ${hideUrlSecrets(server.url)} has no \`/tokenize\` like that of llama-server and vLLM. Use \`--tokenizer FILE\` with the model's tokenizer.json, or \`--tokenizer words\`.`,
  );
}
