// The configuration of a run, with what its server tells of itself where nobody says.
import { planSchedule } from "../load/arrivals/plan-schedule.ts";
import { type Config, type ConfigSources, resolveConfig } from "../config/config.ts";
import type { Terminal } from "../servers/discover/ask-person.ts";
import { type Discovery, discover } from "../servers/discover/discover.ts";
import { planRun } from "../load/run-plan.ts";

/**
 * Resolves the options, asks a server that runs already, and resolves them again with what it told.
 * @param terminal where a person is asked; undefined: nobody is
 * @throws UserError, OptionError
 */
export async function resolveAsked(
  sources: ConfigSources,
  terminal: Terminal | undefined,
): Promise<{ config: Config; discovery: Discovery | undefined }> {
  const config = resolveConfig(sources);
  // A mistake in a formula is said before anybody is asked anything.
  if (config.shape.arrivalsFunction !== undefined) await planSchedule(config);
  const isQuiet = config.runner.quiet || config.runner.json;
  const discovery = await discover(config, { terminal: isQuiet ? undefined : terminal }).catch(
    async (error: unknown) => {
      // What is wrong with the options is said first: it will still be when the server is there.
      await planRun(config, sources.variables);
      throw error;
    },
  );
  if (discovery === undefined) return { config, discovery };
  return { config: resolveConfig({ ...sources, found: discovery.values }), discovery };
}
