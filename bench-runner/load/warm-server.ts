// A server that is ready, with the facts it reports: shared by all loads on it.
import { type LoadPlan, withServersModel } from "../config/load-plan.ts";
import { findLauncher } from "../platform/launcher.ts";
import type { Session } from "../platform/session.ts";
import type { TakenRows } from "../prompts/choose-prompts.ts";
import { type ClientPriority, type EnvironmentFile, RUN_FILES } from "../run-folder/run-files.ts";
import type { RunFolder } from "../run-folder/run-folder.ts";
import { openServer, type TargetServer } from "../servers/start/target-server.ts";
import { chooseClientPriority } from "./client-priority.ts";
import { readEnvironment, readServerFacts } from "./environment.ts";
import type { Plan } from "./run-plan.ts";

/** Some servers list hundreds of thousands of models. */
const MOST_KEPT = 100;
const MOST_SHOWN = 10;

export interface WarmServer {
  server: TargetServer;
  environment: EnvironmentFile;
  clientPriority: ClientPriority;
  /** The names of the models that it serves; undefined if it does not list them. */
  models: readonly string[] | undefined;
  /** It was started here and has answered no load yet: its prompt cache is empty. */
  isNew: boolean;
  /** Rows that loads have sent to it. */
  taken: TakenRows;
}

/**
 * Starts the plan's server, or reaches it, and waits until it is ready.
 * @param folder where its log goes
 * @throws UserError
 */
export async function openWarmServer(plan: Plan, folder: RunFolder, session: Session): Promise<WarmServer> {
  const { config } = plan;
  const { branch, commit } = config.runner;
  const git = { ...(branch !== undefined && { branch }), ...(commit !== undefined && { commit }) };
  session.launcher = await findLauncher(plan.k6.path);
  const startsServer = plan.server.kind !== "url";
  const clientPriority = chooseClientPriority(
    config.runner.clientPriority,
    session.launcher,
    startsServer,
    config.runner.stamps,
  );
  const server = await openServer(plan.server, session, {
    access: config.access,
    logPath: folder.file(RUN_FILES.serverLog),
    readyTimeoutSeconds: config.runner.readyTimeout,
  });
  const told = session.stop.signal.aborted ? {} : await readServerFacts(server.reader);
  // Only llama-server reports its build among these facts.
  const kept = told.models && { models: told.models.slice(0, MOST_KEPT) };
  const facts = { ...(server.version !== undefined && { build: server.version }), ...told, ...kept };
  const modelPath = plan.server.kind === "start" ? (plan.server.modelPath ?? facts.modelPath) : undefined;
  const where = await readEnvironment({ k6: plan.k6, server: facts, modelPath, git });
  const environment = {
    ...where,
    ...(server.start && { serverStart: server.start }),
    ...(server.listener && { serverProcess: server.listener }),
    clientPriority,
  };
  return {
    server,
    environment,
    clientPriority,
    models: told.models,
    isNew: server.group !== undefined,
    taken: new Map(),
  };
}

/** Takes the server's only model, if no option names a model and llama-server was not started with a name. */
export function takeModelFromServer(
  { config, load }: Plan,
  models: readonly string[] | undefined,
  say: (text: string) => void,
): LoadPlan {
  if (config.target.kind === "start") return load;
  const [only, ...others] = models ?? [];
  // "derived": the model that a command was started with; the server may use another name for it.
  const isOpen = ["default", "derived"].includes(config.origins.modelAlias ?? "default");
  if (!isOpen || only === undefined) return load;
  if (others.length === 0) return withServersModel(load, only);
  if (!models?.includes(load.options.modelAlias)) {
    const shown = [...(models ?? []).slice(0, MOST_SHOWN), ...(others.length >= MOST_SHOWN ? ["…"] : [])];
    say(`The server has several models (${shown.join(", ")}): choose one with \`--model\`.`);
  }
  return load;
}
