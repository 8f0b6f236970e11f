// What a run will do, checked as far as it can be before anything is started or written.
import { hideUrlSecrets } from "../../lib/core/apis/url-secrets.ts";
import type { Config } from "../config/config.ts";
import { type LoadPlan, planLoad, withSchedule, withScriptsLoad } from "../config/load-plan.ts";
import type { Variables } from "../platform/context.ts";
import { checkFileLimits } from "../platform/file-limits.ts";
import { findK6, type K6Program } from "../platform/programs.ts";
import { proxyFor } from "../platform/proxy.ts";
import { openPromptSources, type PromptSource } from "../prompts/prompt-sources.ts";
import { planServer, type ServerPlan } from "../servers/start/server-plan.ts";
import { type PlannedSchedule, planSchedule } from "./arrivals/plan-schedule.ts";
import { inspectScript, type ScriptFacts } from "./scenario/inspect-script.ts";
import { prepareScript } from "./scenario/own-scenario.ts";
import { isOurs } from "./scenario/scenario-file.ts";

export interface Plan {
  /** What was asked for; it never changes. */
  config: Config;
  /** What the load will be, as far as it is known before the server is ready. */
  load: LoadPlan;
  k6: K6Program;
  /** Absolute path of the script. */
  scenario: string;
  /** Where the prompts come from; empty for synthetic prompts. */
  prompts: PromptSource[];
  server: ServerPlan;
  /** What requests to the server go through, without its password; absent where they go straight to it. */
  proxy?: string;
  /** What the user should know of schedule and prompts. */
  notices: string[];
  /** A warning about the limit of open files. */
  filesNotice?: string;
}

/** What of a plan does not depend on the server. */
export interface Groundwork {
  planned: PlannedSchedule | undefined;
  scenario: string;
  k6: K6Program;
  /** For a script whose own options decide its load. */
  script: ScriptFacts | undefined;
}

/**
 * Plans the schedule, bundles the scenario, finds k6: mistakes in them are reported before a server is asked.
 * @throws UserError, OptionError for the first thing that is missing or wrong
 */
export async function layGroundwork(config: Config, variables: Variables): Promise<Groundwork> {
  const planned = config.kind === "open" ? await planSchedule(config) : undefined;
  const scenario = await prepareScript(config.runner.scenario, variables);
  const k6 = await findK6(config.runner.k6Path);
  // A script of the user's own decides its load, unless an option says how many clients, how many requests or how long.
  const isAsked = (["vus", "iterations", "duration"] as const).some((key) => config.given.includes(key));
  const isScripts = planned === undefined && !isOurs(scenario) && !isAsked;
  return { planned, scenario, k6, script: isScripts ? await inspectScript(k6.path, scenario) : undefined };
}

function toLoadPlan(config: Config, { planned, script }: Groundwork): LoadPlan {
  const asked = planLoad(config);
  if (planned !== undefined) return withSchedule(asked, config.shape, planned.schedule);
  return script === undefined ? asked : withScriptsLoad(asked, script);
}

/**
 * @param config with what the server says of itself
 * @param more.known the server of an earlier plan, which is kept
 * @param more.isOneOfSeveral other loads are measured on the server, too
 * @throws UserError, OptionError for the first thing that is missing or wrong
 */
export async function planRun(
  config: Config,
  groundwork: Groundwork,
  variables: Variables,
  { known, isOneOfSeveral = false }: { known?: ServerPlan | undefined; isOneOfSeveral?: boolean } = {},
): Promise<Plan> {
  const { planned, scenario, k6 } = groundwork;
  const load = toLoadPlan(config, groundwork);
  const serverStartsHere = config.target.kind !== "url";
  const filesNotice = await checkFileLimits({ clients: load.clients, serverStartsHere });
  const { options, sources, notices } = await openPromptSources(config, variables);
  const server = known ?? (await planServer(config, variables, isOneOfSeveral || config.runner.repeat > 1));
  const url = URL.parse(server.url);
  const proxy = url === null ? undefined : proxyFor(url, variables);
  return {
    config,
    load: { ...load, options },
    ...(proxy !== undefined && { proxy: hideUrlSecrets(proxy) }),
    k6,
    scenario,
    prompts: sources,
    server,
    notices: [...(planned === undefined ? [] : [planned.notice]), ...notices],
    ...(filesNotice !== undefined && { filesNotice }),
  };
}
