// What must not be printed, logged or written: keys in arguments. Pure.

export const HIDDEN = "(set, not shown)";

const SECRET_FLAGS = ["--api-key", "--hf-token", "-hft"];

/** The arguments of a command line, with what follows a secret flag hidden ("--api-key", "x" and "--api-key x"). */
export function hideSecretArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    if (SECRET_FLAGS.includes(args[index - 1] ?? "")) return HIDDEN;
    const [flag, rest] = arg.split(/[ =](.*)/s);
    return rest !== undefined && SECRET_FLAGS.includes(flag ?? "") ? `${flag} ${HIDDEN}` : arg;
  });
}
