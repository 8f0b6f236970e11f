// From options to a plan: resolves them, asks a server that runs already, and resolves again with what it said.
import { type Config, resolveConfig } from "../config/config.ts";
import type { ConfigSources, Target } from "../config/config-types.ts";
import { layGroundwork, type Plan, planRun } from "../load/run-plan.ts";
import { toNotice } from "../platform/context.ts";
import { openPromptSources } from "../prompts/prompt-sources.ts";
import type { Terminal } from "../servers/discover/ask-person.ts";
import { type Discovery, discover } from "../servers/discover/discover.ts";
import { settleUrls } from "../servers/discover/settle-url.ts";
import { waitForServers } from "../servers/discover/wait-for-servers.ts";
import type { ServerPlan } from "../servers/start/server-plan.ts";

export interface AskedPlan {
  plan: Plan;
  /** Undefined for a server that is started here, and if the sources already have `found`. */
  discovery: Discovery | undefined;
}

export interface Asking {
  /** Where a person may choose a model; undefined if there is none. */
  terminal?: Terminal | undefined;
  /** The plan of an earlier run's server, which is kept. */
  server?: ServerPlan | undefined;
  /** Other loads are measured on the server, too. */
  isOneOfSeveral?: boolean;
  /** A server that runs already is waited for until it is ready, as long as `--ready-timeout` says; gets the lines about it. */
  waits?: (text: string) => void;
}

/** @throws UserError, OptionError */
async function withAddresses(sources: ConfigSources, { target, access }: Config): Promise<ConfigSources> {
  if (target.kind !== "url") return sources;
  return { ...sources, addresses: await settleUrls(toUrls(target), access) };
}

const toUrls = ({ url, secondUrl }: Target & { kind: "url" }): string[] => [
  url,
  ...(secondUrl === undefined ? [] : [secondUrl]),
];

/** @throws UserError where a server that runs already is not ready in time, or the prompts cannot be had */
async function waitUntilReady(
  config: Config,
  variables: ConfigSources["variables"],
  notice: (text: string) => void,
): Promise<void> {
  const { target, access, runner } = config;
  if (target.kind !== "url") return;
  await waitForServers(toUrls(target), access, {
    timeoutSeconds: runner.readyTimeout,
    notice: toNotice(runner, notice),
    // A dataset that is missing will still be missing when the server is ready.
    onWait: async () => void (await openPromptSources(config, variables)),
  });
}

/**
 * From options to a plan.
 * @throws UserError, OptionError: mistakes in the options before problems of the server
 */
export async function planAsked(
  given: ConfigSources,
  { terminal, server, isOneOfSeveral = false, waits }: Asking = {},
): Promise<AskedPlan> {
  const { variables } = given;
  const more = { known: server, isOneOfSeveral };
  const first = resolveConfig(given);
  const groundwork = await layGroundwork(first, variables);
  if (waits !== undefined && given.found === undefined) await waitUntilReady(first, variables, waits);
  const sources = await withAddresses(given, first);
  const asked = resolveConfig(sources);
  if (sources.found !== undefined) {
    return { plan: await planRun(asked, groundwork, variables, more), discovery: undefined };
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
  return { plan: await planRun(config, groundwork, variables, more), discovery };
}
