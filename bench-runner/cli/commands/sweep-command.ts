// The command `sweep` on the command line.
import type { Command } from "commander";
import { toCommanderOptions, toFlagTexts } from "../../config/option-flags.ts";
import type { SweepFlags } from "../../decide/sweep/sweep-goal.ts";
import { isOwn } from "../../runs/sweep/sweep-options.ts";

/** Does what the command says, and resolves to the exit code. */
export type SweepAction = (
  flags: Record<string, string>,
  own: SweepFlags & { resume?: string },
) => Promise<number>;

interface Given {
  concurrency?: string;
  rates?: string;
  goodputTarget?: string;
  precision?: string;
  maxPoints?: string;
  maxPointTime?: string;
  resume?: string;
}

const HELP = `
A load meets the goal when as large a share of its requests as \`--goodput-target\` says meets every \`--slo\`, when every
\`--require\` holds, and when the server keeps up. Without \`--iterations\` and \`--duration\` a load has as many requests as
a certified p95 needs. Clients do not pause between two requests unless \`--sleep\` says so.`;

/** Adds `sweep` to the command line. @param onEnd gets the exit code */
export function addSweepCommand(
  program: Command,
  action: SweepAction,
  onEnd: (exitCode: number) => void,
): void {
  const group = "The sweep:";
  const command = program
    .command("sweep")
    .description(
      "Measures one load after the other on a warm server, and finds the highest that meets the SLOs.",
    )
    .optionsGroup(group)
    .option("--concurrency <n,n,…>", "clients of a closed loop, in rising order; `auto` doubles them from 1")
    .option(
      "--rates <x,x,…>",
      "requests per second of an open loop; `auto` doubles them from what one client gets",
    )
    .option("--goodput-target <share>", "share of the requests that must meet every `--slo` [default 95%]")
    .option("--precision <share>", "rates: how close the highest that meets the goal is found [default 5%]")
    .option("--max-points <n>", "most loads that are measured [default 20]")
    .option("--max-point-time <time>", "longest time of a load [default 5m]")
    .option(
      "--resume <folder>",
      "takes up an interrupted sweep where it stopped; without other options of the load",
    )
    .allowExcessArguments(false)
    .addHelpText("after", HELP);
  for (const option of toCommanderOptions()) command.addOption(isOwn(option) ? option.hideHelp() : option);
  command.action(async (values: Given & Record<string, unknown>) => {
    const { goodputTarget, precision, maxPoints, maxPointTime, concurrency, rates, resume } = values;
    const own = {
      ...{ concurrency, rates, precision, resume },
      ...{ "goodput-target": goodputTarget, "max-points": maxPoints, "max-point-time": maxPointTime },
    };
    const known = Object.fromEntries(Object.entries(own).filter(([, text]) => text !== undefined));
    onEnd(await action(toFlagTexts(values), known));
  });
}
