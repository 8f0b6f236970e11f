// The server that consecutive runs of a batch share, where they would start it alike.
import type { Config } from "../../config/config.ts";
import { SERVER_START } from "../../config/server-settings.ts";
import type { WarmServer } from "../../load/warm-server.ts";
import type { Session } from "../../platform/session.ts";
import type { ServerPlan } from "../../servers/start/server-plan.ts";

/** Equal for runs that one server serves; undefined for a server that runs already. Pure. */
export function toServerKey({ target, runner, load }: Config): string | undefined {
  if (target.kind === "url") return undefined;
  const values: Readonly<Record<string, unknown>> = runner;
  const options = SERVER_START.map((key) => values[key] ?? null);
  return JSON.stringify([target, ...options, load.modelAlias, load.apiKey ?? null]);
}

interface Running {
  key: string | undefined;
  plan: ServerPlan;
  warm: WarmServer;
}

export class SharedServer {
  readonly #session: Session;
  #running: Running | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The server, if it is the one of this key; any other one is ended: the next may need its port and its memory. */
  async take(key: string | undefined): Promise<Running | undefined> {
    if (this.#running !== undefined && this.#running.key !== key) await this.end();
    return this.#running;
  }

  /** Keeps a server for the next run; one that ran already, or has ended, is not kept. */
  keep(running: Running | undefined): void {
    this.#running = running?.warm.server.group === undefined ? undefined : running;
  }

  async end(): Promise<void> {
    await this.#running?.warm.server.group?.stop(5_000);
    await this.#session.endGroups();
    this.#running = undefined;
  }
}
