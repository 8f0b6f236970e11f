// One POST to a server's /tokenize, in a body that llama-server and vLLM both understand.
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { type Access, OPEN_ACCESS } from "../../platform/access.ts";
import { describeProblem, requestServer } from "../../platform/server-request.ts";
import { serverWords } from "../../platform/server-words.ts";
import { UserError } from "../../platform/user-error.ts";

export interface TokenizeServer {
  /** As the user gives it. */
  url: string;
  access?: Access;
  model: string;
}

const TIMEOUT_MS = 10_000;

/** The answer of a server: a count, or the status of an answer without one. */
export type TokenizeAnswer = { tokens: number } | { status: number };

/** llama-server answers `{tokens: […]}`, vLLM `{count, tokens: […], max_model_len}`. */
function readCount(text: string): number | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { count, tokens } = (value ?? {}) as { count?: unknown; tokens?: unknown };
  if (typeof count === "number" && Number.isInteger(count)) return count;
  return Array.isArray(tokens) ? tokens.length : undefined;
}

/** The server's error message, behind a colon. */
function readMessage(text: string): string {
  const words = serverWords(text);
  return words === undefined ? "" : `: ${words}`;
}

/** vLLM answers 404 for a model that it does not have; a gateway's 404 repeats the path, which may have the model's name. */
function isModelMissing(text: string, model: string): boolean {
  const words = serverWords(text) ?? "";
  const saysModel = /\bmodels?\b.*(?:does not exist|not found|not loaded|unknown|no such)/i.test(words);
  return saysModel && words.includes(model) && !words.includes("/tokenize");
}

/** The error if more is wrong than a missing count; undefined if the answer merely has none. */
function toRefusal(status: number, text: string, server: TokenizeServer): UserError | undefined {
  const place = `The server at ${hideUrlSecrets(server.url)}`;
  if (status === 401 || status === 403) {
    const remedy = Object.keys(server.access?.headers ?? {}).length === 0 ? "Set" : "Check the key in";
    return new UserError(`${place} refuses to count tokens (${status}). ${remedy} \`SERVER_BENCH_API_KEY\`.`);
  }
  if (status === 404 && isModelMissing(text, server.model)) {
    return new UserError(
      `${place} refuses to count tokens (404${readMessage(text)}). Check \`--model-alias\`.`,
    );
  }
  if (status === 429 || (status >= 500 && status !== 501)) {
    return new UserError(
      `${place} failed to count tokens (\`/tokenize\` answered ${status}${readMessage(text)}). See its log, or count with \`--tokenizer FILE\` or \`--tokenizer words\`.`,
    );
  }
  return undefined;
}

async function post(server: TokenizeServer, text: string, signal: AbortSignal): Promise<[number, string]> {
  const { access = OPEN_ACCESS, model } = server;
  const answer = await requestServer(endpointUrl(server.url, "/tokenize"), access, {
    timeoutMs: TIMEOUT_MS,
    body: JSON.stringify({
      content: text,
      prompt: text,
      model,
      add_special: false,
      add_special_tokens: false,
    }),
    signal,
  });
  return [answer.status, answer.text];
}

/**
 * @param stopped ends the request when its count is no longer needed
 * @throws UserError if the server cannot be reached, refuses or fails
 */
export async function requestTokenize(
  server: TokenizeServer,
  text: string,
  stopped: AbortSignal,
): Promise<TokenizeAnswer> {
  const ask = () => post(server, text, stopped);
  let answer: [number, string];
  try {
    answer = await ask().catch((error: Error) => {
      // The server may close a kept connection just as it is used: retry once, on a new one.
      if (stopped.aborted || error.name === "TimeoutError") throw error;
      return ask();
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const isLate = (error as Error).name === "TimeoutError";
    const said = isLate ? `no answer within ${TIMEOUT_MS / 1000} s` : describeProblem(error);
    throw new UserError(
      `The server at ${hideUrlSecrets(server.url)} does not answer \`/tokenize\` (${said}). Check that it runs, or count with \`--tokenizer FILE\` or \`--tokenizer words\`.`,
    );
  }
  const [status, body] = answer;
  const tokens = status === 200 ? readCount(body) : undefined;
  if (tokens !== undefined) return { tokens };
  const refusal = toRefusal(status, body, server);
  if (refusal !== undefined) throw refusal;
  return { status };
}
