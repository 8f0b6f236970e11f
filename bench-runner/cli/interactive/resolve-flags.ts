// Flags → the configuration of the run that they ask for, with the files and variables around them, as the run resolves it.
import { type Config, resolveConfig } from "../../config/config.ts";
import { planRuns } from "../../config/files/plan-runs.ts";
import { takeKeys } from "../../config/keys.ts";
import type { Variables } from "../../platform/context.ts";
import { UserError } from "../../platform/user-error.ts";

/** @throws UserError, OptionError */
export function resolveFlags(flags: Readonly<Record<string, string>>, variables: Variables): Config {
  const { runs } = planRuns({ flags, variables });
  const [run] = runs;
  if (run === undefined) throw new UserError("The configuration files leave nothing to measure.");
  const taken = takeKeys(run.flags, run.variables);
  return resolveConfig({
    flags: taken.flags,
    variables: taken.variables,
    file: run.file,
    ...(run.command && { command: run.command }),
    ...(run.names.workload !== undefined && { workloadName: run.names.workload }),
    ...(run.names.model !== undefined && { modelName: run.names.model }),
  });
}
