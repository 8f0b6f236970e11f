// A run from its options to its results.

import type { Config } from "../config/config.ts";
import { toConfigText } from "../config/config-text.ts";
import type { ConfigSources } from "../config/config-types.ts";
import type { Context } from "../platform/context.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { toTerminalLook } from "../platform/terminal-look.ts";
import { createRunFolder } from "../run-folder/run-folder.ts";
import type { Terminal } from "../servers/discover/ask-person.ts";
import { describeServer, toServerName } from "../servers/start/server-plan.ts";
import { measureLoad } from "./measure-load.ts";
import { type Measurement, withMeasurement } from "./measurement.ts";
import { Outlets } from "./outlets.ts";
import { type AskedPlan, planAsked } from "./plan-asked.ts";

/** @throws UserError if the results cannot go where the options send them */
function openOutlets({ runner }: Config, context: Context): Outlets {
  const { quiet, json, throughputOnly, append, results, repeat } = runner;
  const runs = repeat === 1 ? "one" : "repeats";
  const { width } = toTerminalLook(process.stdout, context.variables);
  return new Outlets(
    {
      json,
      quiet,
      throughputOnly,
      ...(append !== undefined && { append }),
      ...(results !== undefined && { results }),
      runs,
      isFresh: true,
    },
    { ...context, width },
  );
}

/**
 * Measures one run. Nothing that it started is alive when it returns or throws.
 * @param terminal where a person may choose a model
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function run(
  sources: ConfigSources,
  context: Context & { terminal?: Terminal },
): Promise<number> {
  const asked = await planAsked(sources, {
    terminal: context.terminal,
    waits: context.say,
  });
  const { config } = asked.plan;
  const outlets = openOutlets(config, context);
  const { output, name, repeat } = config.runner;
  const makeFolder = () => createRunFolder(output, name, new Date());
  return withMeasurement({ config, makeFolder, repeats: repeat }, context, (measurement) =>
    measureAsked(asked, measurement, outlets),
  );
}

async function measureAsked(
  { plan, discovery }: AskedPlan,
  measurement: Measurement,
  outlets: Outlets,
): Promise<number> {
  const { folder, session, say, notice } = measurement;
  const { config, server } = plan;
  if (discovery !== undefined) notice(discovery.text);
  const { width } = toTerminalLook(process.stderr, measurement.variables);
  notice(toConfigText(config, describeServer(config, server), plan.load, width));
  for (const text of plan.notices) notice(text);
  if (plan.filesNotice !== undefined) say(plan.filesNotice);
  if (server.kind !== "url") notice(`\nStarting ${toServerName(server)} …`);
  const { exitCode, hasBegun } = await measureLoad(measurement, {
    plan,
    folder,
    isLast: true,
    notice,
    onReady: () => notice("Server ready. Load runs; Ctrl-C stops it and keeps what was measured.\n"),
    take: (summary, text, own) => outlets.take(summary, text, own),
  });
  if (!hasBegun) {
    say(`Stopped (${session.stop.reason}) before the load began: nothing was measured.`);
    return exitCode;
  }
  await outlets.finish(folder);
  return exitCode === EXIT.ok && !outlets.isWritten ? EXIT.failed : exitCode;
}
