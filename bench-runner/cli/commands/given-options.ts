// The options of a run, as commands read them: texts by flag, keys by variable alone.
import type { Command } from "commander";
import type { AskedRun } from "../../config/files/compose-run.ts";
import { planRuns } from "../../config/files/plan-runs.ts";
import { type TakenKeys, takeKeys } from "../../config/keys.ts";
import { ALL_OPTIONS, toFlagTexts } from "../../config/option-flags.ts";
import type { ProgramContext, Variables } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";

export type Flags = Record<string, string>;
type Taken = Omit<TakenKeys, "secrets">;

/** @throws UserError for a flag that swallowed the next one */
export function readFlags(command: Command): Flags {
  return toFlagTexts(command.opts());
}

/** Moves keys from flags to variables, and hides them in all that is written. @throws UserError, OptionError */
export function takeSecrets(flags: Flags, context: ProgramContext, given?: Variables): Taken {
  const { secrets, ...taken } = takeKeys(flags, given ?? context.variables);
  context.hide(secrets);
  return taken;
}

/** What configuration files and flags say about the one server that is measured, as flags. @throws UserError */
export function takeTarget(flags: Flags, context: ProgramContext): Taken {
  const { runs } = planRuns({ flags, variables: context.variables, withoutWorkloads: true });
  const [only, ...others] = runs;
  if (only === undefined || others.length > 0) {
    throw new UserError(
      `This command measures one server with one model, got ${runs.length} of them. Name one with \`--target\` and \`--model\`.`,
      EXIT.usage,
    );
  }
  const asked = toFlagsAlone(only);
  return takeSecrets(asked.flags, context, asked.variables);
}

/** Flags about the files themselves, which have been read. */
const READ = ["config", "target"];

/** What files define for a run, as flags and variables alone: for commands that know no files. */
export function toFlagsAlone({ flags, variables, file, command }: AskedRun): {
  flags: Record<string, string>;
  variables: Record<string, string | undefined>;
} {
  const texts: Record<string, string> = { ...flags };
  const all: Record<string, string | undefined> = { ...variables };
  for (const key of READ) delete texts[key];
  for (const [key, text] of Object.entries({ ...file, ...toCommandOptions(command) })) {
    const { flag, variable, secret } = ALL_OPTIONS[key] ?? {};
    const isThere = (flag && texts[flag]) ?? (variable && (all[variable] || undefined));
    if (isThere !== undefined || READ.includes(key)) continue;
    // A secret never becomes a flag: those are shown, and kept in files.
    if (secret && variable !== undefined) all[variable] = text;
    else if (flag !== undefined) texts[flag] = text;
  }
  return { flags: texts, variables: all };
}

/** The command of a file as the options that say the same. */
export function toCommandOptions(command: AskedRun["command"]): Record<string, string> {
  if (command === undefined) return {};
  const { url, start, stop, ready, env, name } = command;
  return {
    serverCommand: start,
    ...(url !== undefined && { url }),
    ...(stop !== undefined && { serverStop: stop }),
    ...(ready?.path !== undefined && { serverReady: ready.path }),
    ...(ready?.timeoutSeconds !== undefined && { readyTimeout: String(ready.timeoutSeconds) }),
    ...(env && { serverEnv: JSON.stringify(Object.entries(env).map(([key, value]) => `${key}=${value}`)) }),
    ...(name !== undefined && { serverName: name }),
  };
}
