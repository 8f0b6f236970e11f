// What a run was and how it ended, from its configuration, its outcome and the end of its journal.
import { formatNumber } from "../../lib/core/units.ts";
import { toScenarioName } from "../run-folder/run-files.ts";
import type { RunInput } from "./run-input.ts";
import type { RunIdentity, Summary } from "./summary.ts";
import { countLost, type JournalTally } from "./tallies/journal-tally.ts";

export function toIdentity({ config, outcome }: RunInput, journal: JournalTally): RunIdentity {
  const { tornLine, repeatedLines, closed } = journal;
  const text = (key: string) => {
    const value = config.values[key];
    return typeof value === "string" && value !== "" ? { [key]: value } : {};
  };
  const end =
    outcome.reason ??
    (outcome.partial ? "the run did not reach its planned end" : undefined) ??
    (tornLine === undefined ? undefined : `line ${tornLine} of the journal is cut off`) ??
    (repeatedLines === undefined ? undefined : describeRepeated(repeatedLines)) ??
    (closed ? undefined : "the journal was not closed properly");
  const lost = describeLost(countLost(journal), closed);
  const reason = end === undefined || lost === undefined ? (end ?? lost) : `${end}; ${lost}`;
  return {
    name: config.name,
    ...text("runnerLabel"),
    ...text("branch"),
    ...text("commit"),
    scenario: toScenarioName(config.scenario),
    start: new Date(outcome.startedUnixMs).toISOString(),
    end: new Date(outcome.endedUnixMs).toISOString(),
    partial: reason !== undefined,
    ...(reason !== undefined && { partialReason: reason }),
    ...(outcome.k6ExitCode !== undefined && { k6ExitCode: outcome.k6ExitCode }),
  };
}

function describeRepeated(lines: number): string {
  const [are, times] =
    lines === 1 ? ["line of the journal repeats", "was"] : ["lines of the journal repeat", "were"];
  return `${formatNumber(lines, "count")} ${are} a request that is there already, and ${times} not counted again`;
}

/** "at least 12 requests that had started were lost"; undefined if none was. */
function describeLost(lost: number, closed: boolean): string | undefined {
  if (lost === 0) return undefined;
  const requests = `${formatNumber(lost, "count")} ${lost === 1 ? "request that had started was" : "requests that had started were"} lost`;
  return closed ? `lines of the journal are missing: ${requests}` : `at least ${requests}`;
}

export function toConfiguration({ config }: RunInput): Summary["configuration"] {
  return {
    serverUrl: config.serverUrl,
    serverStartedHere: config.serverStartedHere,
    ...(config.proxy !== undefined && { proxy: config.proxy }),
    ...(config.serverName !== undefined && { serverName: config.serverName }),
    ...(config.modelName !== undefined && { modelName: config.modelName }),
    kind: config.kind,
    vus: config.vus,
    ...(config.iterations !== undefined && { iterations: config.iterations }),
    durationSeconds: config.durationSeconds,
    values: config.values,
    ...(config.repeat && { repeat: config.repeat }),
    ...(config.promptCache && { promptCache: config.promptCache }),
  };
}
