// What a run will do, checked as far as it can be before anything is started or written.
import { resolve } from "node:path";
import { rootUrl } from "../../lib/core/apis/url.ts";
import type { Schedule } from "../../lib/core/plans/schedule.ts";
import { toVariables } from "../config/command-target.ts";
import { type Config, type ModelSource, withOwnLoad, withSchedule } from "../config/config.ts";
import { hideUserInfo } from "../config/secrets.ts";
import { hideLineSecrets } from "../config/server-command.ts";
import { checkFileLimits } from "../platform/file-limits.ts";
import { findK6, findLlamaServer, type K6Program } from "../platform/programs.ts";
import { openPromptSources, type PromptSource } from "../prompts/prompt-sources.ts";
import { checkModelFile } from "../servers/start/model-file.ts";
import { type CommandPlan, planCommand } from "../servers/start/plan-command.ts";
import { toServerArgs, toServerUrl, toServerVariables } from "../servers/start/server-args.ts";
import { choosePort } from "../servers/start/server-port.ts";
import { planSchedule } from "./arrivals/plan-schedule.ts";
import { inspectScript } from "./scenario/inspect-script.ts";
import { prepareScript } from "./scenario/own-scenario.ts";
import { isOurs } from "./scenario/scenario-file.ts";

export interface Plan {
  /** What was asked for; of an open loop with what its schedule tells. */
  config: Config;
  /** Of an open loop. */
  schedule?: Schedule;
  scheduleNotice?: string;
  k6: K6Program;
  /** Absolute path of the script. */
  scenario: string;
  /** Where the prompts come from; empty where they are made up. */
  prompts: PromptSource[];
  /** What the user should know of them. */
  promptNotices: string[];
  server: ServerPlan;
  /** What to say of the limit of open files. */
  filesNotice?: string;
}

export type ServerPlan =
  | {
      kind: "start";
      /** Base URL that it will have. */
      url: string;
      program: string;
      args: string[];
      variables: Record<string, string>;
      /** Absolute; absent for a download. */
      modelPath?: string;
    }
  | CommandPlan
  | { kind: "url"; url: string; secondUrl?: string };

async function planServer(
  config: Config,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ServerPlan> {
  const { target, runner } = config;
  if (target.kind === "url") {
    const { url, secondUrl } = target;
    return {
      kind: "url",
      url: rootUrl(url),
      ...(secondUrl !== undefined && { secondUrl: rootUrl(secondUrl) }),
    };
  }
  if (target.kind === "command") {
    const { host, port, model } = runner;
    return planCommand(target, { host, port, model });
  }
  const program = findLlamaServer(runner.llamaServerPath, variables);
  let { model }: { model: ModelSource } = target;
  if (model.kind === "file") {
    const path = resolve(model.path);
    await checkModelFile(path, model.path);
    model = { kind: "file", path };
  }
  const address = { host: runner.host, port: await choosePort(runner.host, runner.port) };
  const { modelPathPrefix } = runner;
  return {
    kind: "start",
    url: toServerUrl(address),
    program,
    args: toServerArgs(config, model, address),
    variables: {
      ...toServerVariables(modelPathPrefix === undefined ? undefined : resolve(modelPathPrefix)),
      ...toVariables(runner.serverEnv ?? []),
    },
    ...(model.kind === "file" && { modelPath: model.path }),
  };
}

/** What a script of the user's own says of its load stands, unless somebody says how many clients, how many or how long. */
async function withScriptsLoad(config: Config, k6: K6Program, script: string): Promise<Config> {
  const isSaid = (["vus", "iterations", "duration"] as const).some((key) => config.given.includes(key));
  if (isOurs(script) || isSaid) return config;
  return withOwnLoad(config, await inspectScript(k6.path, script));
}

/**
 * @param known the server of an earlier plan, which is kept
 * @throws UserError for the first thing that is missing or in the way
 */
export async function planRun(
  asked: Config,
  variables: Readonly<Record<string, string | undefined>>,
  known?: ServerPlan,
): Promise<Plan> {
  const planned = asked.kind === "open" ? await planSchedule(asked) : undefined;
  const scenario = await prepareScript(asked.runner.scenario, variables);
  const k6 = await findK6(asked.runner.k6Path);
  const sized =
    planned === undefined
      ? await withScriptsLoad(asked, k6, scenario)
      : withSchedule(asked, planned.schedule);
  const filesNotice = await checkFileLimits({
    clients: sized.vus,
    serverStartsHere: sized.target.kind !== "url",
  });
  const { config, sources, notices } = await openPromptSources(sized, variables);
  const server = known ?? (await planServer(config, variables));
  return {
    config,
    ...(planned && { schedule: planned.schedule, scheduleNotice: planned.notice }),
    scenario,
    k6,
    prompts: sources,
    promptNotices: notices,
    server,
    ...(filesNotice !== undefined && { filesNotice }),
  };
}

/** What a server that is started here is called. */
export function toServerName(server: ServerPlan): string {
  return server.kind === "command" ? server.name : "llama-server";
}

/** What is measured, in a few words. */
export function describeServer(config: Config, server: ServerPlan): string {
  if (server.kind === "url" && server.secondUrl !== undefined) {
    return `${hideUserInfo(server.url)} (a) and ${hideUserInfo(server.secondUrl)} (b), which run already`;
  }
  if (server.kind === "url") return `${hideUserInfo(server.url)}, which runs already`;
  if (server.kind === "command") return `\`${hideLineSecrets(server.start)}\` on ${hideUserInfo(server.url)}`;
  const { target } = config;
  const model =
    target.kind === "start" && target.model.kind === "hub"
      ? `${target.model.repo}${target.model.file === undefined ? "" : ` ${target.model.file}`} from Hugging Face`
      : server.modelPath;
  return `${server.program} on ${server.url} with ${model}`;
}
