// What must not be printed, logged or written: keys in arguments, and user names and passwords in URLs. Pure.

import { LOAD_OPTIONS, type OptionSpec } from "../../lib/core/options/options.ts";
import { RUNNER_OPTIONS } from "./runner-options.ts";

export const HIDDEN = "(set, not shown)";

const SECRET_FLAGS = ["--api-key", "--hf-token", "-hft"];

/** `http://user:password@host` → `http://host`. */
export function hideUserInfo(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, "$1");
}

/** The arguments of a command line, with what follows a secret flag hidden ("--api-key", "x" and "--api-key x"). */
export function hideSecretArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    if (SECRET_FLAGS.includes(args[index - 1] ?? "")) return HIDDEN;
    const [flag, rest] = arg.split(/[ =](.*)/s);
    return rest !== undefined && SECRET_FLAGS.includes(flag ?? "") ? `${flag} ${HIDDEN}` : arg;
  });
}

/** Variables without those that are secret: each has to be set by whoever runs the command again. */
export function hideSecretVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  const specs = Object.values<OptionSpec>({ ...LOAD_OPTIONS, ...RUNNER_OPTIONS });
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([name]) => !specs.some(({ variable, secret }) => secret === true && variable === name))
      // A variable may be a list of addresses.
      .map(([name, value]) => [name, value.replace(/(https?:\/\/)[^/@"]*@/g, "$1")]),
  );
}
