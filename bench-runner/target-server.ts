// The server that is measured: started and awaited, or reached where it runs already.
import { describeDeath, waitUntilReady } from "./llama-server.ts";
import type { ServerPlan } from "./plan.ts";
import type { ProcessGroup } from "./processes.ts";
import { hideUserInfo } from "./secrets.ts";
import { ServerReader } from "./server-metrics.ts";
import type { Session } from "./session.ts";
import { UserError } from "./user-error.ts";

export interface TargetServer {
  url: string;
  reader: ServerReader;
  /** Absent for a server that ran already. */
  group?: ProcessGroup;
  /** What to say when it died; absent for a server that ran already. */
  describeDeath?(): string;
}

async function reachServer(url: string, apiKey: string | undefined): Promise<TargetServer> {
  const reader = new ServerReader(url, apiKey);
  const shown = hideUserInfo(url);
  const health = await reader.reach("/health");
  if ("problem" in health) {
    throw new UserError(
      `No server answers at ${shown} (${health.problem}). Start it, or check \`--url\` (\`SERVER_BENCH_URL\`).`,
    );
  }
  if (health.status === 503) {
    throw new UserError(
      `The server at ${shown} is not ready (\`/health\` answered 503). Wait until it has loaded its model, and try again.`,
    );
  }
  const models = await reader.reach("/v1/models");
  if ("status" in models && (models.status === 401 || models.status === 403)) {
    const remedy =
      apiKey === undefined ? "Set `SERVER_BENCH_API_KEY`" : "Check the key in `SERVER_BENCH_API_KEY`";
    throw new UserError(
      `The server at ${shown} refuses us (\`/v1/models\` answered ${models.status}). ${remedy}.`,
    );
  }
  return { url, reader };
}

/**
 * @param options.logPath where a server of our own writes
 * @returns a server that is ready; or one that may not be, where the user wanted to stop meanwhile
 * @throws UserError
 */
export async function openServer(
  plan: ServerPlan,
  session: Session,
  options: { apiKey: string | undefined; logPath: string; readyTimeoutSeconds: number },
): Promise<TargetServer> {
  if (plan.kind === "url") return reachServer(plan.url, options.apiKey);
  const { logPath } = options;
  const group = session.start({
    file: plan.program,
    args: plan.args,
    variables: plan.variables,
    logPath,
  });
  const reader = new ServerReader(plan.url, options.apiKey);
  await waitUntilReady(group, reader, {
    timeoutSeconds: options.readyTimeoutSeconds,
    logPath,
    stopped: session.stop.signal,
  });
  return {
    url: plan.url,
    reader,
    group,
    describeDeath: () => describeDeath("while it was measured", group.end ?? {}, logPath),
  };
}
