// The command `sweep`: one warm server, one load after the other, until the highest that meets the goal is known.
import { resolve } from "node:path";
import { LOAD_OPTIONS, parseOption } from "../../../lib/core/options/options.ts";
import { formatValue } from "../../../lib/core/units.ts";
import { checkAppend } from "../../outputs/append-csv.ts";
import { discover } from "../../servers/discover/discover.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { planRun } from "../../load/run-plan.ts";
import { describeServer } from "../../servers/start/server-plan.ts";
import { openLive, openSession, type RunContext } from "../run.ts";
import { createRunFolder, type RunFolder } from "../../run-folder/run-folder.ts";
import { openWarmServer } from "../../load/warm-server.ts";
import { endSweep, toExitCode } from "./end-sweep.ts";
import { toJudgedLoad } from "../../decide/sweep/judge-point.ts";
import { planNext } from "../../decide/sweep/plan-next.ts";
import type { SweepFile } from "../../decide/sweep/sweep-file.ts";
import { readSweep, writeSweepFile } from "./sweep-folder.ts";
import { readSweepGoal, type SweepFlags } from "../../decide/sweep/sweep-goal.ts";
import { sweepLoads, toPointConfig } from "./sweep-loads.ts";
import { takeGiven, toKept, toResumed } from "./sweep-options.ts";

type Flags = Readonly<Record<string, string>>;

interface Asked {
  /** The run's options by flag, without the load. */
  options: Record<string, string>;
  file: SweepFile;
  /** Of a sweep that goes on. */
  folder?: RunFolder;
}

/**
 * Nothing that it started is alive when it returns or throws.
 * @param flags the run's options by flag
 * @param own the sweep's options; `resume` stands instead of all others
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function sweep(
  flags: Flags,
  own: SweepFlags & { resume?: string },
  context: RunContext,
): Promise<number> {
  const asked = own.resume === undefined ? ask(flags, own, context) : resume(own.resume, flags);
  const { options, file } = asked;
  const { goal } = file;
  const lowest = goal.loads === "auto" ? (goal.start ?? 1) : (goal.loads[0] as number);
  const sources = { options, goal, variables: context.variables, git: context.git };
  const first = toPointConfig(sources, lowest, 1);
  const { append, output, name, parallel, quiet } = first.runner;
  if (append !== undefined) checkAppend(resolve(append));
  if (asked.folder !== undefined) {
    const step = planNext(goal, file.points.map(toJudgedLoad));
    if (step.kind === "end") {
      context.say("The sweep has come to its end already: nothing is left to measure.");
      const ending = { file, folder: asked.folder, config: first, say: context.say, print: context.print };
      endSweep(ending, step.reason);
      return toExitCode(ending, step.reason, EXIT.ok);
    }
  }
  const discovery = await discover(first, { terminal: undefined });
  const found = discovery?.values ?? {};
  const config = toPointConfig({ ...sources, found }, lowest, 1);
  const plan = await planRun(config, context.variables);
  const live = await openLive({ ...config, runner: { ...config.runner, repeat: 1 } }, context.say);
  const folder = asked.folder ?? createRunFolder(output, `sweep-${name}`, new Date());
  const session = openSession(folder, context);
  const notice = quiet ? () => {} : context.say;
  try {
    writeSweepFile(folder, file);
    if (discovery !== undefined) notice(discovery.text);
    notice(toSweepText(file, describeServer(config, plan.server)));
    if (plan.server.kind === "command") notice(`\nStarting ${plan.server.name} …`);
    if (plan.server.kind === "start") {
      notice(
        `\nStarting llama-server with ${parallel} ${parallel === 1 ? "slot" : "slots"} (\`--parallel\`), the same for every load …`,
      );
    }
    const warm = await openWarmServer(plan, folder, session, context.git);
    const exitCode = await sweepLoads({
      ...{ ...sources, found, folder, file, warm, session, live, config, notice },
      server: plan.server,
      ...{ say: context.say, print: context.print },
    });
    await live?.waitForLastScrape(session.stop.signal);
    return exitCode;
  } finally {
    await session.close();
    await live?.close();
  }
}

/** What is measured, what varies, what is looked for, and the options that somebody gave. */
function toSweepText({ goal, slos, requirements, options }: SweepFile, server: string): string {
  const loads = goal.loads === "auto" ? "doubled each time" : goal.loads.join(", ");
  const goals = [
    ...(slos.length > 0
      ? [`${formatValue(goal.goodputTarget, "share")} of the requests meet ${slos.join(", ")}`]
      : []),
    ...requirements,
  ];
  const given = Object.entries(options).filter(([flag]) => flag !== "slo" && flag !== "require");
  const lines: [string, string][] = [
    ["server", server],
    [goal.axis === "rate" ? "requests/s" : "clients", loads],
    ...(goals.length > 0 ? [["goal", goals.join("; ")] as [string, string]] : []),
    ["options", given.map(([flag, text]) => `${flag} ${text}`).join(", ")],
  ];
  return lines.map(([name, text]) => `${name.padEnd(14)}${text}`).join("\n");
}

function ask(flags: Flags, own: SweepFlags, context: RunContext): Asked {
  const options = takeGiven(flags, context.variables);
  const read = (key: "slo" | "require") =>
    options[key] === undefined
      ? []
      : (parseOption(LOAD_OPTIONS[key], options[key], `\`--${key}\``) as string[]);
  const [slos, requirements] = [read("slo"), read("require")];
  const goal = readSweepGoal(own, slos.length + requirements.length > 0);
  const file: SweepFile = {
    schema: "server-bench/sweep/1",
    name: options.name ?? "local",
    start: new Date().toISOString(),
    ...{ goal, slos, requirements, options: toKept(options), points: [] },
  };
  return { options, file };
}

function resume(path: string, flags: Flags): Asked {
  const { folder, file } = readSweep(path);
  return { options: toResumed(file.options, flags), file, folder };
}
