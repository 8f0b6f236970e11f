// The command `sweep`: measures one load after the other on a warm server until the highest that meets the goal is known.
import { resolve } from "node:path";
import { parseOption } from "../../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { formatValue } from "../../../lib/core/units.ts";
import { resolveConfig } from "../../config/config.ts";
import { toJudgedLoad } from "../../decide/sweep/judge-point.ts";
import { planNext } from "../../decide/sweep/plan-next.ts";
import type { SweepFile } from "../../decide/sweep/sweep-file.ts";
import { readSweepGoal, type SweepFlags } from "../../decide/sweep/sweep-goal.ts";
import type { Plan } from "../../load/run-plan.ts";
import { openWarmServer } from "../../load/warm-server.ts";
import { checkAppend } from "../../outputs/append-csv.ts";
import { checkResultsFolder } from "../../outputs/export/bench/results-folder.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { createRunFolder, type RunFolder } from "../../run-folder/run-folder.ts";
import { describeServer, toServerName } from "../../servers/start/server-plan.ts";
import { withMeasurement } from "../measurement.ts";
import { planAsked } from "../plan-asked.ts";
import { endSweep, toExitCode } from "./end-sweep.ts";
import { readSweep, writeSweepFile } from "./sweep-folder.ts";
import { sweepLoads, toPointSources } from "./sweep-loads.ts";
import { takeGiven, toKept, toResumed } from "./sweep-options.ts";

export interface SweepContext extends Context {
  git: { branch?: string; commit?: string };
}

type Flags = Readonly<Record<string, string>>;

interface Asked {
  /** The options of the runs by flag, without the load. */
  options: Record<string, string>;
  file: SweepFile;
  /** The folder of a resumed sweep. */
  folder?: RunFolder;
}

/**
 * Nothing that it started is alive when it returns or throws.
 * @param flags the run's options by flag
 * @param own the sweep's options; `resume` replaces all others
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function sweep(
  flags: Flags,
  own: SweepFlags & { resume?: string },
  context: SweepContext,
): Promise<number> {
  const asked = own.resume === undefined ? ask(flags, own, context) : resume(own.resume, flags);
  const { options, file } = asked;
  const { goal } = file;
  const lowest = goal.loads === "auto" ? (goal.start ?? 1) : (goal.loads[0] as number);
  const sources = { options, goal, variables: context.variables, git: context.git };
  const first = toPointSources(sources, lowest, 1);
  const { runner } = resolveConfig(first);
  if (runner.append !== undefined) checkAppend(resolve(runner.append));
  if (runner.results !== undefined) checkResultsFolder(resolve(runner.results));
  if (asked.folder !== undefined) {
    const step = planNext(goal, file.points.map(toJudgedLoad));
    if (step.kind === "end") {
      context.say("This sweep is already complete: nothing is left to measure.");
      const { say, print } = context;
      const ending = { file, folder: asked.folder, runner, say, print };
      endSweep(ending, step.reason);
      return toExitCode(ending, step.reason, EXIT.ok);
    }
  }
  const { plan, discovery } = await planAsked(first, { isOneOfSeveral: true, waits: context.say });
  const { config, server } = plan;
  const makeFolder = () => asked.folder ?? createRunFolder(runner.output, `sweep-${runner.name}`, new Date());
  return withMeasurement({ config, makeFolder, repeats: 1 }, context, async (measurement) => {
    const { folder, session, notice } = measurement;
    writeSweepFile(folder, file);
    if (discovery !== undefined) notice(discovery.text);
    notice(toSweepText(file, describeServer(config, server)));
    if (server.kind !== "url") notice(`\nStarting ${describeStart(plan)} …`);
    const warm = await openWarmServer(plan, folder, session);
    return sweepLoads({
      sources: { ...sources, found: discovery?.values ?? {} },
      measurement,
      file,
      server,
      warm,
      runner,
    });
  });
}

function describeStart({ server, config }: Plan): string {
  if (server.kind !== "start") return toServerName(server);
  const { parallel } = config.runner;
  const slots = parallel === 1 ? "slot" : "slots";
  return `llama-server with ${parallel} ${slots} (\`--parallel\`), the same for every load`;
}

/** Server, loads, goal and the given options. */
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

function ask(flags: Flags, own: SweepFlags, context: SweepContext): Asked {
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
    goal,
    slos,
    requirements,
    options: toKept(options),
    points: [],
  };
  return { options, file };
}

function resume(path: string, flags: Flags): Asked {
  const { folder, file } = readSweep(path);
  return { options: toResumed(file.options, flags), file, folder };
}
