// What a run will do, checked as far as it can be before anything is started or written.
import { resolve } from "node:path";
import type { Schedule } from "../lib/core/plans/schedule.ts";
import { rootUrl } from "../lib/core/url.ts";
import { planSchedule } from "./arrivals/plan-schedule.ts";
import { type Config, type ModelSource, withOwnLoad, withSchedule } from "./config.ts";
import { checkFileLimits } from "./file-limits.ts";
import { inspectScript } from "./inspect-script.ts";
import { checkModelFile } from "./model-file.ts";
import { prepareScript } from "./own-scenario.ts";
import { findK6, findLlamaServer, type K6Program } from "./programs.ts";
import { openPromptSources, type PromptSource } from "./prompts/prompt-sources.ts";
import { isOurs } from "./scenario-file.ts";
import { hideUserInfo } from "./secrets.ts";
import { toServerArgs, toServerUrl, toServerVariables } from "./server-args.ts";
import { toVariables } from "./server-life/command-target.ts";
import { type CommandPlan, planCommand } from "./server-life/plan-command.ts";
import { hideLineSecrets } from "./server-life/server-command.ts";
import { choosePort } from "./server-port.ts";

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
