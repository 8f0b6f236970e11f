// How the server of a run is reached or started, checked as far as possible before anything is started.
import { resolve } from "node:path";
import { baseUrl } from "../../../lib/core/apis/url.ts";
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { toVariables } from "../../config/command-target.ts";
import type { Config } from "../../config/config.ts";
import type { ModelSource } from "../../config/config-types.ts";
import { hideLineSecrets } from "../../config/secrets.ts";
import { findLlamaServer } from "../../platform/programs.ts";
import { checkModelFile } from "./model-file.ts";
import { type CommandPlan, planCommand } from "./plan-command.ts";
import {
  CACHE_RAM_VARIABLE,
  toCacheVariables,
  toServerArgs,
  toServerUrl,
  toServerVariables,
} from "./server-args.ts";
import { choosePort } from "./server-port.ts";

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
      /** Whether it keeps prompts in host memory, too, which no request empties. */
      hasHostCache: boolean;
    }
  | CommandPlan
  | { kind: "url"; url: string; secondUrl?: string };

/**
 * @param isOneOfSeveral several loads are measured on the server, one after the other
 * @throws UserError for the first thing that is missing
 */
export async function planServer(
  config: Config,
  variables: Readonly<Record<string, string | undefined>>,
  isOneOfSeveral: boolean,
): Promise<ServerPlan> {
  const { target, runner } = config;
  if (target.kind === "url") {
    const { url, secondUrl } = target;
    return {
      kind: "url",
      url: baseUrl(url),
      ...(secondUrl !== undefined && { secondUrl: baseUrl(secondUrl) }),
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
  const args = toServerArgs(config, model, address);
  const isEmptied = isOneOfSeveral && runner.resetCache === "auto";
  const cache = isEmptied ? toCacheVariables(config, args, variables) : {};
  const own = toVariables(runner.serverEnv ?? []);
  return {
    kind: "start",
    url: toServerUrl(address),
    program,
    args,
    variables: {
      ...toServerVariables(modelPathPrefix === undefined ? undefined : resolve(modelPathPrefix)),
      ...cache,
      ...own,
    },
    ...(model.kind === "file" && { modelPath: model.path }),
    hasHostCache: cache[CACHE_RAM_VARIABLE] === undefined || own[CACHE_RAM_VARIABLE] !== undefined,
  };
}

/** What a server that is started here is called. */
export function toServerName(server: ServerPlan): string {
  return server.kind === "command" ? server.name : "llama-server";
}

/** What is measured, in a few words. */
export function describeServer(config: Config, server: ServerPlan): string {
  if (server.kind === "url" && server.secondUrl !== undefined) {
    return `${hideUrlSecrets(server.url)} (a) and ${hideUrlSecrets(server.secondUrl)} (b), which run already`;
  }
  if (server.kind === "url") return `${hideUrlSecrets(server.url)}, which runs already`;
  if (server.kind === "command")
    return `\`${hideLineSecrets(server.start)}\` on ${hideUrlSecrets(server.url)}`;
  const { target } = config;
  const model =
    target.kind === "start" && target.model.kind === "hub"
      ? `${target.model.repo}${target.model.file === undefined ? "" : ` ${target.model.file}`} from Hugging Face`
      : server.modelPath;
  return `${server.program} on ${server.url} with ${model}`;
}
