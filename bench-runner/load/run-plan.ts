// What a run will do, checked as far as it can be before anything is started or written.
import type { Schedule } from "../../lib/core/plans/schedule.ts";
import { type Config, withOwnLoad, withSchedule } from "../config/config.ts";
import { checkFileLimits } from "../platform/file-limits.ts";
import { findK6, type K6Program } from "../platform/programs.ts";
import { openPromptSources, type PromptSource } from "../prompts/prompt-sources.ts";
import { planServer, type ServerPlan } from "../servers/start/server-plan.ts";
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
