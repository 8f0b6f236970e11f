// The loads of a sweep on a server that is ready: plan, measure, judge and write until the plan ends.
import { relative, resolve } from "node:path";
import { formatDuration, toDigits } from "../../../lib/core/units.ts";
import type { Config } from "../../config/config.ts";
import type { ConfigSources } from "../../config/config-types.ts";
import { formatLoad } from "../../decide/sweep/find-outcome.ts";
import { judgePoint, type PointPlace, toJudgedLoad } from "../../decide/sweep/judge-point.ts";
import { planNext } from "../../decide/sweep/plan-next.ts";
import { toPointFlags } from "../../decide/sweep/point-size.ts";
import { renderHeader, renderRow } from "../../decide/sweep/render-sweep.ts";
import type { SweepFile, SweepOutcome } from "../../decide/sweep/sweep-file.ts";
import type { SweepAxis, SweepGoal } from "../../decide/sweep/sweep-goal.ts";
import type { WarmServer } from "../../load/warm-server.ts";
import { appendRows } from "../../outputs/append-csv.ts";
import { addRuns } from "../../outputs/export/bench/results-folder.ts";
import { EXIT, isMeasured } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import type { RunFolder } from "../../run-folder/run-folder.ts";
import type { ServerPlan } from "../../servers/start/server-plan.ts";
import type { Summary } from "../../summary/summary.ts";
import { measureLoad } from "../measure-load.ts";
import type { Measurement } from "../measurement.ts";
import { planAsked } from "../plan-asked.ts";
import { endSweep, toExitCode } from "./end-sweep.ts";
import { makeFreeFolder, makePointFolder, writeSweepFile } from "./sweep-folder.ts";
import { withoutFlagged, withoutShape } from "./sweep-options.ts";

const NO_TRUNCATED_LIMIT = { "truncated-limit": "1" };

/** Sent one after the other in a first look at a server whose rate is unknown. */
const FIRST_LOOK_REQUESTS = 8;

export interface Sweeping {
  sources: PointSources;
  measurement: Measurement;
  /** Its points grow. */
  file: SweepFile;
  server: ServerPlan;
  warm: WarmServer;
  runner: { json: boolean; quiet: boolean };
}

export interface PointSources {
  /** The options of the runs by flag, without the load. */
  options: Readonly<Record<string, string>>;
  goal: SweepGoal;
  variables: Readonly<Record<string, string | undefined>>;
  git: { branch?: string; commit?: string };
  /** What the server reports about itself, by option key. */
  found?: Readonly<Record<string, string>>;
}

/**
 * The options of one load. Each load has a different seed: prompts that were sent before would come from the server's cache.
 * Truncated answers fail no load unless the user sets a limit: a capacity is about time.
 * @param number of the point, from 1
 */
export function toPointSources(
  { options, goal, variables, git, found }: PointSources,
  load: number,
  number: number,
  axis: SweepAxis = goal.axis,
): ConfigSources {
  const size = toPointFlags({ axis, load, maxSeconds: goal.maxPointSeconds, given: options });
  const seed = Number(options.seed ?? 0) + number;
  return {
    flags: {
      ...NO_TRUNCATED_LIMIT,
      ...options,
      ...size,
      ...(Number.isInteger(seed) && { seed: String(seed) }),
    },
    variables: withoutFlagged(variables),
    git,
    ...(found && { found }),
  };
}

/** @returns the exit code @throws UserError */
export async function sweepLoads(sweeping: Sweeping): Promise<number> {
  const { file, measurement, runner } = sweeping;
  const { folder, say, print } = measurement;
  const ending = { file, folder, runner, say, print };
  let last: Ended = { reason: "failed", exitCode: EXIT.ok };
  try {
    last = await measurePoints(sweeping);
  } finally {
    endSweep(ending, last.reason);
  }
  return toExitCode(ending, last.reason, last.exitCode);
}

interface Ended {
  reason: SweepOutcome["reason"];
  /** Exit code of the last load. */
  exitCode: number;
}

async function measurePoints(sweeping: Sweeping): Promise<Ended> {
  const { file, measurement } = sweeping;
  const { signal } = measurement.session.stop;
  if (signal.aborted) return { reason: "stopped", exitCode: EXIT.stopped };
  await findStart(sweeping);
  sayRow(sweeping, renderHeader(file));
  for (const point of file.points) sayRow(sweeping, renderRow(file, point));
  let exitCode: number = EXIT.ok;
  for (;;) {
    const step = planNext(file.goal, file.points.map(toJudgedLoad));
    if (step.kind === "end") return { reason: step.reason, exitCode };
    exitCode = await measurePoint(sweeping, step);
    if (signal.aborted) return { reason: "stopped", exitCode };
    if (exitCode === EXIT.serverDied) return { reason: "serverDied", exitCode };
    if (file.points.at(-1)?.partial || !isWhole(exitCode)) return { reason: "failed", exitCode };
  }
}

/** 99, a failed threshold, is a valid result: a load may be too high. */
function isWhole(exitCode: number): boolean {
  return isMeasured(exitCode);
}

/** Where rates double and no start is given, the start is the rate of one client that never pauses. */
async function findStart(sweeping: Sweeping): Promise<void> {
  const { file, measurement, sources } = sweeping;
  const { goal, options } = sources;
  const { folder, notice } = measurement;
  if (goal.loads !== "auto" || goal.start !== undefined) return;
  notice(`First look: ${FIRST_LOOK_REQUESTS} requests, one after the other …`);
  const size = { iterations: String(FIRST_LOOK_REQUESTS), "warmup-requests": "1", repeat: "1" };
  const look = { ...sources, options: { ...withoutShape(options), ...size } };
  const makeFolder = () => makeFreeFolder(folder, "first-look");
  const { summaries } = await measure(sweeping, toPointSources(look, 1, 0, "concurrency"), makeFolder);
  const e2eMs = summaries[0]?.metrics.e2e?.mean;
  if (e2eMs === undefined) {
    throw new UserError(
      "The first look at the server brought no complete request, so there is no rate to start from. See its folder, or name the rates: `--rates 0.5,1,2`.",
    );
  }
  goal.start = toDigits(1000 / e2eMs, 2);
  writeSweepFile(folder, file);
}

/** Measures one load: a row of the table, a point of the file. @returns the exit code of its runs */
async function measurePoint(
  sweeping: Sweeping,
  { load, by }: Pick<PointPlace, "load" | "by">,
): Promise<number> {
  const { file, measurement, sources } = sweeping;
  const { folder, notice, session } = measurement;
  const { goal } = sources;
  const number = Math.max(0, ...file.points.map((point) => point.number)) + 1;
  const makeFolder = (config: Config) => {
    notice(`Point ${number}: ${formatLoad(load, goal.axis)}, ${describeSize(config)}`);
    return makePointFolder(folder, { number, load }, goal.axis);
  };
  const measured = await measure(sweeping, toPointSources(sources, load, number), makeFolder);
  const { own, summaries, folders, exitCode } = measured;
  const runs = folders.map(({ path }) => relative(folder.path, path));
  const place = { number, load, by, folder: relative(folder.path, own.path), runs };
  const point = judgePoint(place, summaries, goal, isWhole(exitCode) && !session.stop.signal.aborted);
  file.points.push(point);
  file.end = new Date().toISOString();
  writeSweepFile(folder, file);
  sayRow(sweeping, renderRow(file, point));
  return exitCode;
}

interface Measured {
  own: RunFolder;
  summaries: Summary[];
  /** The folder of the load, or one for each repeat. */
  folders: RunFolder[];
  exitCode: number;
}

/** Measures a load with its repeats in a new folder; the notices of a single run are left out. */
async function measure(
  { measurement, server, warm }: Sweeping,
  sources: ConfigSources,
  makeFolder: (config: Config) => RunFolder,
): Promise<Measured> {
  const { plan } = await planAsked(sources, { server });
  const { append, results } = plan.config.runner;
  const own = makeFolder(plan.config);
  const [summaries, folders]: [Summary[], RunFolder[]] = [[], []];
  const { exitCode } = await measureLoad(measurement, {
    plan,
    folder: own,
    warm,
    isLast: false,
    takesOthersRows: true,
    notice: () => {},
    take: (summary, _, folder) => {
      summaries.push(summary);
      folders.push(folder);
      if (append !== undefined) appendRows(resolve(append), [summary]);
    },
  });
  if (results !== undefined)
    await addRuns(
      folders.map(({ path }) => path),
      resolve(results),
    );
  return { own, summaries, folders, exitCode };
}

/** "160 requests", "30.0 s, the first 3.0 s as warm-up". */
function describeSize({ kind, iterations, durationSeconds, shape }: Config): string {
  const { warmupRequests, warmupTime } = shape;
  // The length of an open loop is known only with its schedule, unless an option sets it.
  const seconds = kind === "open" ? shape.duration : durationSeconds;
  const time = seconds === undefined ? undefined : formatDuration(seconds * 1000);
  const count = iterations === undefined || (kind === "open" && time !== undefined) ? undefined : iterations;
  const size = count === undefined ? time : `${count} requests`;
  const warmup = warmupRequests || (warmupTime && formatDuration(warmupTime * 1000));
  return warmup ? `${size}, the first ${warmup} as warm-up` : (size as string);
}

/** Standard output gets the table, except with `--json` and `--quiet`. */
function sayRow({ runner, measurement: { print, notice } }: Sweeping, text: string): void {
  if (runner.json) notice(text);
  else if (!runner.quiet) print(text);
}
