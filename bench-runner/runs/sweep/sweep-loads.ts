// The loads of a sweep on a server that is ready: plan, measure, judge, write, until the plan comes to its end.
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { formatDuration, toDigits } from "../../../lib/core/units.ts";
import { appendRows } from "../../outputs/append-csv.ts";
import { type Config, resolveConfig } from "../../config/config.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import type { LiveRun } from "../../outputs/live/live-run.ts";
import { prepareLoad, runJob, toJson, writeConfig } from "../load-job.ts";
import { planRun } from "../../load/run-plan.ts";
import { type ServerPlan } from "../../servers/start/server-plan.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import type { RunFolder } from "../../run-folder/run-folder.ts";
import type { Session } from "../../platform/session.ts";
import type { Summary } from "../../summary/summary.ts";
import { UserError } from "../../platform/user-error.ts";
import type { WarmServer } from "../../load/warm-server.ts";
import { endSweep, toExitCode } from "./end-sweep.ts";
import { formatLoad } from "../../decide/sweep/find-outcome.ts";
import { judgePoint, type PointPlace, toJudgedLoad } from "../../decide/sweep/judge-point.ts";
import { planNext } from "../../decide/sweep/plan-next.ts";
import { toPointFlags } from "../../decide/sweep/point-size.ts";
import { renderHeader, renderRow } from "../../decide/sweep/render-sweep.ts";
import type { SweepFile, SweepOutcome } from "../../decide/sweep/sweep-file.ts";
import { makePointFolder, writeSweepFile } from "./sweep-folder.ts";
import type { SweepAxis, SweepGoal } from "../../decide/sweep/sweep-goal.ts";
import { withoutFlagged, withoutShape } from "./sweep-options.ts";

/** Of the first look at a server whose rate nobody knows: so many requests, one after the other. */
const PROBE_REQUESTS = 8;

export interface Sweeping extends PointSources {
  folder: RunFolder;
  /** Its points grow. */
  file: SweepFile;
  server: ServerPlan;
  warm: WarmServer;
  session: Session;
  live: LiveRun | undefined;
  /** Of the lowest load. */
  config: Config;
  say: (text: string) => void;
  /** What can be left out. */
  notice: (text: string) => void;
  print: (text: string) => void;
}

export interface PointSources {
  /** The run's options by flag, without the load. */
  options: Readonly<Record<string, string>>;
  goal: SweepGoal;
  variables: Readonly<Record<string, string | undefined>>;
  git: { branch?: string; commit?: string };
  /** What the server told of itself, by option key. */
  found?: Readonly<Record<string, string>>;
}

/**
 * The configuration of one load. Each has a seed of its own: prompts that were sent before would come from the server's cache.
 * @param number of the point, from 1
 * @throws OptionError, UserError
 */
export function toPointConfig(
  { options, goal, variables, git, found }: PointSources,
  load: number,
  number: number,
  axis: SweepAxis = goal.axis,
): Config {
  const size = toPointFlags({ axis, load, maxSeconds: goal.maxPointSeconds, given: options });
  const seed = Number(options.seed ?? 0) + number;
  return resolveConfig({
    flags: { ...options, ...size, ...(Number.isInteger(seed) && { seed: String(seed) }) },
    variables: withoutFlagged(variables),
    git,
    ...(found && { found }),
  });
}

/** @returns the exit code @throws UserError */
export async function sweepLoads(sweeping: Sweeping): Promise<number> {
  const { file, session } = sweeping;
  let reason: SweepOutcome["reason"] = "failed";
  let exitCode: number = EXIT.ok;
  try {
    if (session.stop.signal.aborted) {
      reason = "stopped";
      return EXIT.stopped;
    }
    await findStart(sweeping);
    sayRow(sweeping, renderHeader(file));
    for (const point of file.points) sayRow(sweeping, renderRow(file, point));
    for (;;) {
      const step = planNext(file.goal, file.points.map(toJudgedLoad));
      if (step.kind === "end") {
        reason = step.reason;
        break;
      }
      exitCode = await measure(sweeping, step);
      if (session.stop.signal.aborted) reason = "stopped";
      else if (exitCode === EXIT.serverDied) reason = "serverDied";
      else if (file.points.at(-1)?.partial || (exitCode !== EXIT.ok && exitCode !== EXIT.threshold))
        reason = "failed";
      else continue;
      break;
    }
  } finally {
    endSweep(sweeping, reason);
  }
  return toExitCode(sweeping, reason, exitCode);
}

/** Of rates that double from a start nobody has named: the rate of one client that never pauses. */
async function findStart(sweeping: Sweeping): Promise<void> {
  const { file, goal, folder, notice } = sweeping;
  if (goal.loads !== "auto" || goal.start !== undefined) return;
  notice(`First look: ${PROBE_REQUESTS} requests, one after the other …`);
  const probe = { iterations: String(PROBE_REQUESTS), "warmup-requests": "1", repeat: "1" };
  const options = { ...withoutShape(sweeping.options), ...probe };
  const config = toPointConfig({ ...sweeping, options }, 1, 0, "concurrency");
  const { summaries } = await load(sweeping, config, folder.makeFolder(freeName(folder, "first-look")));
  const e2eMs = summaries[0]?.metrics.e2e?.mean;
  if (e2eMs === undefined) {
    throw new UserError(
      "The first look at the server brought no complete request, so there is no rate to begin with. See its folder, or name the rates: `--rates 0.5,1,2`.",
    );
  }
  goal.start = toDigits(1000 / e2eMs, 2);
  writeSweepFile(folder, file);
}

/** One load: a line of the table, a point of the file. @returns the exit code of its runs */
async function measure(
  sweeping: Sweeping,
  { load: asked, by }: Pick<PointPlace, "load" | "by">,
): Promise<number> {
  const { file, folder, goal, notice } = sweeping;
  const number = Math.max(0, ...file.points.map((point) => point.number)) + 1;
  const config = toPointConfig(sweeping, asked, number);
  const own = makePointFolder(folder, { number, load: asked }, goal.axis);
  notice(`Point ${number}: ${formatLoad(asked, goal.axis)}, ${describeSize(config)}`);
  const { summaries, folders, exitCode } = await load(sweeping, config, own);
  const runs = folders.map(({ path }) => relative(folder.path, path));
  const place = { number, load: asked, by, folder: relative(folder.path, own.path), runs };
  // 99: a threshold failed, which too high a load may well do.
  const isWhole = exitCode === EXIT.ok || exitCode === EXIT.threshold;
  const point = judgePoint(place, summaries, goal, isWhole && !sweeping.session.stop.signal.aborted);
  file.points.push(point);
  file.end = new Date().toISOString();
  writeSweepFile(folder, file);
  sayRow(sweeping, renderRow(file, point));
  return exitCode;
}

interface Loaded {
  summaries: Summary[];
  folders: RunFolder[];
  exitCode: number;
}

/** Runs a load, with its repeats, into a folder of its own. */
async function load(sweeping: Sweeping, config: Config, folder: RunFolder): Promise<Loaded> {
  const { warm, session, live, server, variables, say } = sweeping;
  const plan = await planRun(config, variables, server);
  const [summaries, folders]: [Summary[], RunFolder[]] = [[], []];
  const take = (summary: Summary, _: string, own: RunFolder) => {
    summaries.push(summary);
    folders.push(own);
    if (config.runner.append !== undefined) appendRows(resolve(config.runner.append), [summary]);
  };
  writeConfig(folder, config, plan);
  folder.write(RUN_FILES.environment, toJson(warm.environment));
  // What a run would say of itself stands in its folder.
  const output = { say, notice: () => {}, take };
  const job = await prepareLoad(plan, warm, folder, { session, output, live });
  const exitCode = await runJob(job, folder, false);
  return { summaries, folders, exitCode };
}

/** "160 requests", "30.0 s, the first 3.0 s as warm-up". */
function describeSize({ kind, iterations, durationSeconds, shape }: Config): string {
  const { warmupRequests, warmupTime } = shape;
  // How long an open loop takes is known with its schedule, unless it was asked for.
  const seconds = kind === "open" ? shape.duration : durationSeconds;
  const time = seconds === undefined ? undefined : formatDuration(seconds * 1000);
  const count = iterations === undefined || (kind === "open" && time !== undefined) ? undefined : iterations;
  const size = count === undefined ? time : `${count} requests`;
  const warmup = warmupRequests || (warmupTime && formatDuration(warmupTime * 1000));
  return warmup ? `${size}, the first ${warmup} as warm-up` : (size as string);
}

function freeName(folder: RunFolder, name: string): string {
  let free = name;
  for (let attempt = 2; existsSync(folder.file(free)); attempt += 1) free = `${name}-${attempt}`;
  return free;
}

/** Standard output has the table, unless it is to have JSON or a path only. */
function sayRow({ config, print, notice }: Sweeping, text: string): void {
  if (config.runner.json) notice(text);
  else if (!config.runner.quiet) print(text);
}
