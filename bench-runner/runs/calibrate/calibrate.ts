// The command `calibrate`: the same load against a server whose true times are known, for a finished run or on its own.
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { chooseClientPriority } from "../../load/client-priority.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { checkFileLimits } from "../../platform/file-limits.ts";
import { findLauncher, type Launcher } from "../../platform/launcher.ts";
import { findK6 } from "../../platform/programs.ts";
import type { Session } from "../../platform/session.ts";
import { makeTemporaryFolder } from "../../platform/temporary.ts";
import { UserError } from "../../platform/user-error.ts";
import { prepareForRun } from "../../prompts/datasets/prepared-dataset.ts";
import { type Calibration, describeCalibration } from "../../run-folder/calibration-file.ts";
import { type ClientPriority, RUN_FILES } from "../../run-folder/run-files.ts";
import { createRunFolder, RunFolder } from "../../run-folder/run-folder.ts";
import { toJson } from "../measure-load.ts";
import { withSession } from "../measurement.ts";
import { describeFiles, writeResults } from "../results.ts";
import { planCalibration } from "./calibration-plan.ts";
import { type KnownLoad, readOptions, readRun } from "./known-load.ts";
import { buildNullServer } from "./null-server.ts";
import { runPaced, runUnpaced } from "./trial.ts";

/** Flags about the results of a run: a calibration writes only calibration.json. */
const OF_RESULTS = [
  "quiet",
  "json",
  "append",
  "results",
  "throughput-only",
  "repeat",
  "listen",
  "slo",
  "require",
  "abort-on",
];

/** @throws UserError for flags that a calibration does not take */
function checkFlags(given: string | undefined, flags: Readonly<Record<string, string>>): void {
  const [first] = Object.keys(flags);
  if (given !== undefined && first !== undefined) {
    throw new UserError(
      `\`--${first}\` cannot go with a run folder, whose own options are used. Leave one of them out.`,
      EXIT.usage,
    );
  }
  const ofResults = Object.keys(flags).find((flag) => OF_RESULTS.includes(flag));
  if (ofResults !== undefined) {
    throw new UserError(
      `\`calibrate\` does not take \`--${ofResults}\`: it measures the client and writes calibration.json, without a run's results. Leave it out.`,
      EXIT.usage,
    );
  }
}

/**
 * @param given the run folder; without it the flags define the load, and a new folder is created
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function calibrate(
  given: string | undefined,
  flags: Readonly<Record<string, string>>,
  context: Context,
): Promise<number> {
  checkFlags(given, flags);
  const old = given === undefined ? undefined : new RunFolder(resolve(given));
  const { variables, say } = context;
  const known = old === undefined ? await readOptions(flags, variables) : readRun(old, variables);
  const { path: k6 } = await findK6(known.config.runner.k6Path);
  const scratch = makeTemporaryFolder("calibration");
  try {
    return await withSession(context, "Ended at once.", async (session) => {
      const calibration = await runTrials(known, k6, scratch, session, context);
      if (calibration !== undefined) return writeCalibration(calibration, old, known, context);
      say("Stopped: nothing was calibrated.");
      return EXIT.stopped;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @returns undefined if the user stopped it @throws UserError */
async function runTrials(
  known: KnownLoad,
  k6: string,
  scratch: string,
  session: Session,
  { variables, say }: Context,
): Promise<Calibration | undefined> {
  const { signal } = session.stop;
  const plan = planCalibration(known.config, known.summary);
  const notice = await checkFileLimits({ clients: plan.clients, serverStartsHere: false });
  if (notice !== undefined) say(notice);
  const program = await buildNullServer(signal);
  const { maxPromptTokens, maxContext } = known.config.load;
  const { path: dataset } = await prepareForRun({ maxPromptTokens, maxContext }, variables);
  session.launcher = await findLauncher(k6);
  const clientPriority = repeatClientPriority(known, session.launcher, say);
  const trial = { known, session, program, dataset, k6, clientPriority, scratch };
  say(
    `Calibrating: ${plan.clients} clients against the null server, ${plan.tokens} tokens an answer, ` +
      `${plan.paceMs.toFixed(1)} ms apart, the first after ${Math.round(plan.firstTokenMs)} ms; at most ${plan.seconds} s.`,
  );
  const paced = await runPaced(trial, plan);
  if (signal.aborted) return undefined;
  const eventsPerSecond = await runUnpaced(trial, plan);
  if (signal.aborted) return undefined;
  return { ...paced, ...(eventsPerSecond !== undefined && { eventsPerSecond }) };
}

/** The priority and session that k6 had in the run, or without a run what the options say, as far as it is permitted. */
function repeatClientPriority(
  { config, summary }: KnownLoad,
  launcher: Launcher | undefined,
  say: Context["say"],
): ClientPriority {
  const before = summary?.environment?.clientPriority;
  if (before === undefined) {
    return chooseClientPriority(config.runner.clientPriority, launcher, true, config.runner.stamps);
  }
  const { kind, session } = before;
  const now = chooseClientPriority(
    kind === "none" || launcher?.priority[kind].possible ? kind : "auto",
    launcher,
    session !== "runner's",
    config.runner.stamps,
  );
  if (now.kind !== kind) {
    say(
      `k6 had another priority in the run (${kind}), which is not permitted here: the calibration has ${now.kind}.`,
    );
  }
  return now.kind === kind && now.session === session ? before : now;
}

/** Writes calibration.json; for a finished run, into its folder, and regenerates its results. @returns the exit code */
async function writeCalibration(
  calibration: Calibration,
  old: RunFolder | undefined,
  { config }: KnownLoad,
  { print }: Context,
): Promise<number> {
  const { output, name } = config.runner;
  const folder = old ?? createRunFolder(output, `${name}-calibration`, new Date());
  folder.write(RUN_FILES.calibration, toJson(calibration));
  if (old !== undefined) {
    const results = await writeResults(old);
    print(`${results.text ?? ""}\n${describeFiles(old)}`);
    return results.written ? EXIT.ok : EXIT.failed;
  }
  print(`Calibrated: ${describeCalibration(calibration)}.\n${folder.file(RUN_FILES.calibration)}`);
  return EXIT.ok;
}
