// The options of a run, as commands read them: texts by flag, keys by variable alone.
import type { Command } from "commander";
import { toFlagsAlone } from "../../config/files/flags-alone.ts";
import { planRuns } from "../../config/files/plan-runs.ts";
import { type TakenKeys, takeKeys } from "../../config/keys.ts";
import { toFlagTexts } from "../../config/option-flags.ts";
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
