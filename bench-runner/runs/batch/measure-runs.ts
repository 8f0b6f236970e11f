// The runs of a batch, one after the other: for each its plan, its load and its result.
import { OptionError } from "../../../lib/core/option-error.ts";
import { formatValue } from "../../../lib/core/units.ts";
import type { Config } from "../../config/config.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { describeServer } from "../../servers/start/server-plan.ts";
import { findFigure } from "../../summary/figures.ts";
import type { Summary } from "../../summary/summary.ts";
import { measureLoad } from "../measure-load.ts";
import type { Measurement } from "../measurement.ts";
import type { Outlets } from "../outlets.ts";
import { planAsked } from "../plan-asked.ts";
import type { BatchEntry, BatchFile, BatchRun } from "./batch-file.ts";
import { toLabel, toRunFolderName } from "./run-names.ts";
import { SharedServer, toServerKey } from "./shared-server.ts";

export interface Batch {
  measurement: Measurement;
  entries: readonly BatchEntry[];
  configs: readonly Config[];
  /** Its runs get their results. */
  file: BatchFile;
  outlets: Outlets;
}

/** @param onStep after each run @returns the first exit code that is not 0 */
export async function measureRuns(batch: Batch, onStep: () => void): Promise<number> {
  const { entries, configs, file, measurement } = batch;
  const { session, say, notice } = measurement;
  const keys = configs.map(toServerKey);
  const shared = new SharedServer(session);
  const exitCodes: number[] = [];
  for (const [index, entry] of entries.entries()) {
    if (session.stop.signal.aborted) break;
    const run = file.runs[index] as BatchRun;
    notice(`\nRun ${run.number} of ${entries.length}: ${toLabel(entry.names)}`);
    const key = keys[index];
    const isLast = key === undefined || keys[index + 1] !== key;
    try {
      run.exitCode = await measureRun(batch, { entry, run, key, isLast, shared });
    } catch (error) {
      if (!(error instanceof UserError || error instanceof OptionError)) throw error;
      run.exitCode = error instanceof UserError ? error.exitCode : EXIT.usage;
      run.problem = error.message;
      say(`${toLabel(entry.names)}: ${error.message}`);
      await shared.end();
    }
    exitCodes.push(run.exitCode);
    onStep();
  }
  await shared.end();
  if (session.stop.signal.aborted) {
    const left = entries.length - exitCodes.length;
    say(
      `Stopped (${session.stop.reason}): ${left === 0 ? "every run had begun" : `${left} of ${entries.length} runs were not begun`}.`,
    );
    return EXIT.stopped;
  }
  return exitCodes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
}

interface Step {
  entry: BatchEntry;
  run: BatchRun;
  /** Key of its server. */
  key: string | undefined;
  /** No later run shares its server. */
  isLast: boolean;
  shared: SharedServer;
}

/** @returns its exit code @throws UserError, OptionError */
async function measureRun({ measurement, entries, outlets }: Batch, step: Step): Promise<number> {
  const { say, notice, folder } = measurement;
  const { entry, run, key, isLast, shared } = step;
  const running = await shared.take(key);
  const { plan, discovery } = await planAsked(entry.sources, {
    server: running?.plan,
    isOneOfSeveral: entries.length > 1,
    waits: say,
  });
  if (discovery !== undefined) notice(discovery.text);
  const own = folder.makeFolder(toRunFolderName(run.number, entry.names, entries.length));
  run.folder = own.path.slice(folder.path.length + 1);
  for (const text of plan.notices) notice(text);
  if (plan.filesNotice !== undefined) say(plan.filesNotice);
  const { server, config } = plan;
  if (running === undefined && server.kind !== "url") notice(`Starting ${describeServer(config, server)} …`);
  const { exitCode, hasBegun, warm } = await measureLoad(measurement, {
    plan,
    folder: own,
    ...(running && { warm: running.warm }),
    isLast,
    notice,
    take: (summary, text, one) => {
      notice(describeResult(summary, one.path));
      outlets.take(summary, text, one);
    },
  });
  const isGone = isLast || !hasBegun || exitCode === EXIT.serverDied;
  shared.keep(isGone ? undefined : { key, plan: server, warm });
  return exitCode;
}

/** "20 requests complete, 1 failed, TTFT p95 12.3 ms, 130 tokens/s", the folder, and the warnings, a line each. */
function describeResult(summary: Summary, folder: string): string {
  const { requests, metrics, throughput, warnings } = summary;
  const { ttft, e2e } = metrics;
  const { complete = 0 } = requests.byVerdict;
  const failed = findFigure("failed").of(summary) ?? 0;
  const facts = [
    `${complete} ${complete === 1 ? "request" : "requests"} complete`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(ttft === undefined ? [] : [`TTFT p95 ${formatValue(ttft.p95, "ms")}`]),
    ...(e2e === undefined ? [] : [`E2E p95 ${formatValue(e2e.p95, "ms")}`]),
    formatValue(throughput?.outputTokensPerSecond, "tokens/s"),
  ];
  return [
    `  ${facts.filter(Boolean).join(", ")}`,
    `  ${folder}`,
    ...warnings.map(({ text }) => `  ! ${text}`),
  ].join("\n");
}
