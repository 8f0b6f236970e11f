// The wait for a server of `--url` that is starting, as in a CI job: until it is ready, or as long as the user allows.
import { setTimeout as delay } from "node:timers/promises";
import { baseUrl, endpointUrl } from "../../../lib/core/apis/url.ts";
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import type { Access } from "../../platform/access.ts";
import { describeProblem, requestServer } from "../../platform/server-request.ts";
import { serverWords } from "../../platform/server-words.ts";
import { UserError } from "../../platform/user-error.ts";
import { statusOf } from "./answers.ts";
import { askServer } from "./ask-server.ts";

const POLL_MS = 500;
const ANSWER_MS = 10_000;

/** What a machine says whose server does not listen yet. An unknown name or certificate stays unknown. */
const STARTING: ReadonlySet<string> = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"]);
/** What a container whose program does not listen yet does. */
const HUNG_UP = "ECONNRESET";
/** What a server, or a proxy before it, answers as long as it cannot serve. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

export interface Waiting {
  /** 0: no wait. */
  timeoutSeconds: number;
  /** Gets a line at the beginning and at the end of a wait. */
  notice: (text: string) => void;
  /** Runs before the first wait: what is wrong without a server is said at once. @throws UserError */
  onWait?: () => Promise<void>;
}

/**
 * Waits for one server after the other. What answers, whatever it answers (a page, 404, 401), is not waited for.
 * @param urls as the user gives them
 * @throws UserError where one is not ready in time
 */
export async function waitForServers(
  urls: readonly string[],
  access: Access,
  { timeoutSeconds, notice, onWait }: Waiting,
): Promise<void> {
  if (timeoutSeconds <= 0) return;
  const startMs = performance.now();
  const elapsed = () => (performance.now() - startMs) / 1000;
  let isChecked = false;
  for (const url of urls) {
    const shown = hideUrlSecrets(baseUrl(url));
    const ask = createQuestion(url, access);
    let isWaiting = false;
    for (;;) {
      const missing = await ask();
      if (missing === undefined) break;
      if (!isChecked) await onWait?.();
      isChecked = true;
      if (elapsed() >= timeoutSeconds) {
        throw new UserError(
          `The server at ${shown} was not ready within ${timeoutSeconds} s (${missing}). Start it, check \`--url\` (\`SERVER_BENCH_URL\`), or give it longer with \`--ready-timeout\`.`,
        );
      }
      if (!isWaiting) {
        notice(
          `Waiting for the server at ${shown} to be ready (${missing}), at most ${timeoutSeconds} s (\`--ready-timeout\`) …`,
        );
      }
      isWaiting = true;
      await delay(Math.min(POLL_MS, Math.max(timeoutSeconds - elapsed(), 0) * 1000));
    }
    if (isWaiting) notice(`The server at ${shown} is ready.`);
  }
}

/** @returns a function that asks the server once, with as few requests as show it: why it is not ready, or undefined */
function createQuestion(url: string, access: Access): () => Promise<string | undefined> {
  const get = async (path: string): Promise<{ status: number; text: string } | { problem: string }> => {
    try {
      return await requestServer(endpointUrl(url, path), access, { timeoutMs: ANSWER_MS });
    } catch (error) {
      if (error instanceof UserError) throw error;
      return { problem: describeProblem(error) };
    }
  };
  let asksHealth = false;
  return async () => {
    if (asksHealth) return describeHealth(statusOf(await get("/health")));
    const models = await get("/v1/models");
    if ("problem" in models && models.problem !== HUNG_UP) {
      return STARTING.has(models.problem) ? models.problem : undefined;
    }
    // A server of gRPC answers no HTTP: it listens, and that is all there is to know.
    if (access.grpc) return undefined;
    if ("problem" in models) {
      // One that does not know a path may hang up on it; one that is not there yet does so on all.
      const answers = Object.values(await askServer(url, access));
      return answers.every((answer) => "problem" in answer) ? models.problem : undefined;
    }
    if (UNAVAILABLE.has(models.status)) {
      // Some servers have no list of models now, and answer all the same.
      if (statusOf(await get("/health")) === 200) return undefined;
      const words = serverWords(models.text);
      return `\`/v1/models\` answered ${models.status}${words === undefined ? "" : `: ${words}`}`;
    }
    // Which programs must not be asked for `/health`, a proxy among them, is known there.
    const missing = describeHealth(statusOf((await askServer(url, access))["/health"]));
    asksHealth = missing !== undefined;
    return missing;
  };
}

function describeHealth(status: number | undefined): string | undefined {
  return status === 503 ? "`/health` answered 503" : undefined;
}
