// From options to a plan: resolves them, asks a server that runs already, and resolves again with what it said.
import { resolveConfig } from "../config/config.ts";
import type { ConfigSources } from "../config/config-types.ts";
import { layGroundwork, type Plan, planRun } from "../load/run-plan.ts";
import { openPromptSources } from "../prompts/prompt-sources.ts";
import type { Terminal } from "../servers/discover/ask-person.ts";
import { type Discovery, discover } from "../servers/discover/discover.ts";
import { settleUrls } from "../servers/discover/settle-url.ts";
import type { ServerPlan } from "../servers/start/server-plan.ts";

export interface AskedPlan {
  plan: Plan;
  /** Undefined for a server that is started here, and if the sources already have `found`. */
  discovery: Discovery | undefined;
}

/** @throws UserError, OptionError */
async function withAddresses(sources: ConfigSources): Promise<ConfigSources> {
  const { target, access } = resolveConfig(sources);
  if (target.kind !== "url") return sources;
  const urls = [target.url, ...(target.secondUrl === undefined ? [] : [target.secondUrl])];
  return { ...sources, addresses: await settleUrls(urls, access) };
}

/**
 * @param terminal where a person may choose a model; undefined if there is none
 * @param server the plan of an earlier run's server, which is kept
 * @throws UserError, OptionError: mistakes in the options before problems of the server
 */
export async function planAsked(
  given: ConfigSources,
  terminal?: Terminal,
  server?: ServerPlan,
): Promise<AskedPlan> {
  const { variables } = given;
  const sources = await withAddresses(given);
  const asked = resolveConfig(sources);
  const groundwork = await layGroundwork(asked, variables);
  if (sources.found !== undefined) {
    return { plan: await planRun(asked, groundwork, variables, server), discovery: undefined };
  }
  const isSilent = asked.runner.quiet || asked.runner.json;
  const discovery = await discover(asked, { terminal: isSilent ? undefined : terminal }).catch(
    async (error: unknown) => {
      // A dataset that is missing will still be missing when the server answers.
      await openPromptSources(asked, variables);
      throw error;
    },
  );
  const config = discovery === undefined ? asked : resolveConfig({ ...sources, found: discovery.values });
  return { plan: await planRun(config, groundwork, variables, server), discovery };
}
