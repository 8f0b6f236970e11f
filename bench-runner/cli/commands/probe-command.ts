// The command `probe` on the command line.
import type { Command } from "commander";

/** Sends one request; resolves to the exit code. */
export type ProbeAction = (flags: Record<string, string>, own: { prompt?: string }) => Promise<number>;

/**
 * Adds `probe` to the command line.
 * @param addRunOptions adds the options of a run
 * @param toFlags commander's values → the run's flags, as texts by flag
 */
export function addProbeCommand(
  program: Command,
  from: {
    addRunOptions: (command: Command) => Command;
    toFlags: (values: Record<string, unknown>, command: Command) => Record<string, string>;
    probe: ProbeAction;
    onExit: (exitCode: number) => void;
  },
): void {
  const command = program
    .command("probe")
    .description("Sends one request through k6, and shows everything about it; exit code 99 if not complete.")
    .allowExcessArguments()
    .option("--prompt <text>", "what is sent, instead of a prompt of the dataset");
  from.addRunOptions(command).action(async ({ prompt, ...values }: { prompt?: string }, called: Command) => {
    const own = prompt === undefined ? {} : { prompt };
    from.onExit(await from.probe(from.toFlags(values, called), own));
  });
}
