// The command `sweep`.
import type { Command } from "commander";
import type { SweepFlags } from "../../decide/sweep/sweep-goal.ts";
import { readGit } from "../../load/environment.ts";
import { defineCommand } from "../command.ts";
import { type Flags, readFlags, takeSecrets, takeTarget } from "./given-options.ts";

/** commander's value, the sweep's own name of it, and its help. */
const OPTIONS = [
  [
    "concurrency",
    "--concurrency <n,n,…>",
    "clients of a closed loop, in rising order; `auto` doubles them from 1",
  ],
  [
    "rates",
    "--rates <x,x,…>",
    "requests per second of an open loop; `auto` doubles them from the rate of one client",
  ],
  [
    "goodput-target",
    "--goodput-target <share>",
    "share of the requests that must meet every `--slo` [default 95%]",
  ],
  [
    "precision",
    "--precision <share>",
    "for rates: precision of the highest rate that meets the goal [default 5%]",
  ],
  ["max-points", "--max-points <n>", "maximum number of loads to measure [default 20]"],
  ["max-point-time", "--max-point-time <time>", "maximum time of a load [default 5m]"],
  [
    "resume",
    "--resume <folder>",
    "resume an interrupted sweep where it stopped; without other options of the load",
  ],
] as const;

const HELP = `
A load meets the goal when the share \`--goodput-target\` of its requests meets every \`--slo\`, when every \`--require\`
holds, and when the server keeps up. Without \`--iterations\` and \`--duration\` a load has as many requests as a certified
p95 needs.`;

type Own = SweepFlags & { resume?: string };

function readOwn(command: Command): Own {
  const own = OPTIONS.flatMap(([name]) => {
    const value: unknown = command.getOptionValue(
      name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()),
    );
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(own);
}

export const SWEEP = defineCommand<{ flags: Flags; own: Own }>({
  name: "sweep",
  summary: "Measures rising loads to find the highest that meets the SLOs",
  description:
    "Measures one load after the other on a warm server, and finds the highest that meets the SLOs.",
  runOptions: "taken",
  define: (command) => {
    for (const [, flags, text] of OPTIONS) command.option(flags, text);
    command.addHelpText("after", HELP);
  },
  read: (command) => ({ flags: readFlags(command), own: readOwn(command) }),
  run: async (input, context) => {
    const { sweep } = await import("../../runs/sweep/sweep.ts");
    const isNew = input.own.resume === undefined;
    const { flags, variables } = isNew ? takeTarget(input.flags, context) : takeSecrets(input.flags, context);
    return sweep(flags, input.own, { ...context, variables, git: await readGit(process.cwd()) });
  },
});
