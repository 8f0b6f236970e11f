// The classic scenario against a fake server of its own: what k6 left, and what the server received.
import { type ChatPrompt, promptOf } from "../run/chat-prompt.ts";
import { type K6Run, type K6RunOptions, runK6 } from "../run/k6-run.ts";
import { type BehaviourSource, type FakeServer, startFakeServer } from "./fake-server.ts";

export interface FakeLoad {
  /** Closed already; its notes remain. */
  server: FakeServer;
  run: K6Run;
  /** Bodies of the chat requests, in the order of their arrival. */
  bodies: Record<string, unknown>[];
  prompts: string[];
}

/**
 * One run of k6.
 * @param base what follows the server's address in SERVER_BENCH_URL
 */
export async function runLoad(
  behaviour: BehaviourSource,
  options: K6RunOptions = {},
  base = "/v1",
): Promise<FakeLoad> {
  const server = await startFakeServer({ behaviour });
  try {
    const env = { SERVER_BENCH_URL: server.url + base, ...options.env };
    const run = await runK6({ ...options, env });
    const bodies = server.chats.map(({ body }) => body as Record<string, unknown>);
    return { server, run, bodies, prompts: bodies.map((body) => promptOf(body as ChatPrompt)) };
  } finally {
    await server.close();
  }
}

/** k6's flags for a number of requests and of clients. */
export function iterations(count: number, vus = 1): string[] {
  return ["--vus", `${vus}`, "--iterations", `${count}`];
}
