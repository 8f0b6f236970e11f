// The questions before a run, one after the other, until the user starts it or quits.
import { OptionError } from "../../../lib/core/option-error.ts";
import type { Config } from "../../config/config.ts";
import { EMPTY_SET } from "../../config/files/config-set.ts";
import { readFolderConfig, readOwnConfig } from "../../config/files/read-config.ts";
import { planSchedule } from "../../load/arrivals/plan-schedule.ts";
import type { Variables } from "../../platform/context.ts";
import { findLlamaServer } from "../../platform/programs.ts";
import { UserError } from "../../platform/user-error.ts";
import { toAnswerFlags } from "./answers.ts";
import { askLoad } from "./ask-load.ts";
import { askModel, askServer } from "./ask-server.ts";
import type { Asker } from "./asker.ts";
import { toCommandText } from "./command-text.ts";
import { findLocalServers } from "./find-local-servers.ts";
import { findModelFiles } from "./find-model-files.ts";
import { toLocalPorts } from "./local-ports.ts";
import { toPlanLines } from "./plan-text.ts";
import { resolveFlags } from "./resolve-flags.ts";
import type { Surroundings } from "./server-choices.ts";
import { listWorkloads, toWorkloadChoices } from "./workload-choices.ts";

export interface AskContext {
  variables: Variables;
  /** The current directory. */
  folder: string;
  /** What comes before the flags in a command. */
  program: string;
  /** Columns for lines that are shown. */
  width: number;
}

/** @throws UserError for a configuration file that is wrong */
async function lookAround({ variables, folder }: AskContext): Promise<Surroundings> {
  let canStart = true;
  try {
    findLlamaServer(variables.LLAMA_SERVER_BIN_PATH || undefined, variables);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    canStart = false;
  }
  return {
    set: readOwnConfig() ?? readFolderConfig() ?? EMPTY_SET,
    servers: await findLocalServers(toLocalPorts(variables.SERVER_BENCH_LOCAL_PORTS)),
    files: findModelFiles(folder, variables),
    canStart,
  };
}

/** How many requests a run will send, by its own plan; undefined where time alone ends it. */
async function countRequests(config: Config): Promise<number | undefined> {
  if (config.kind !== "open") return config.iterations;
  return (await planSchedule(config)).schedule.offsetsMs.length;
}

/**
 * Asks for server, model, workload and load, shows what will be done, and asks again on request.
 * @returns the flags for the answers, by name
 * @throws Left where the user quits; UserError for a variable or a configuration file that is wrong
 */
export async function askForRun(asker: Asker, context: AskContext): Promise<Record<string, string>> {
  const around = await lookAround(context);
  for (;;) {
    const asked = await askServer(asker, around, context.variables);
    const model = await askModel(asker, asked, around);
    const choices = toWorkloadChoices(listWorkloads(around.set, asked.slots));
    const workload = await asker.choose("Which workload?", choices);
    const load = await askLoad(asker, workload);
    const flags = toAnswerFlags({ server: asked.server, model, workload, load });
    try {
      const config = resolveFlags(flags, context.variables);
      asker.show("The run", toPlanLines(config, await countRequests(config), context.width));
    } catch (error) {
      if (!(error instanceof UserError || error instanceof OptionError)) throw error;
      asker.say(error.message);
      continue;
    }
    asker.offer("The same command without questions:", toCommandText(context.program, flags));
    const isWanted = await asker.choose("Start?", [
      { value: true, label: "start" },
      { value: false, label: "change the answers" },
    ]);
    if (isWanted) return flags;
  }
}
