// Reads what a run left in its folder back into the input of `summarize`.
import { existsSync, readFileSync } from "node:fs";
import type { K6SummaryData } from "../lib/core/console-summary.ts";
import {
  type ConfigFile,
  type EnvironmentFile,
  type HostLine,
  type MetricsLine,
  type OutcomeFile,
  RUN_FILES,
  type ServerLine,
} from "./run-files.ts";
import type { RunInput } from "./summarize.ts";
import type { ClientUse } from "./summary.ts";
import { systemReason, UserError } from "./user-error.ts";

/**
 * @param folder a run folder: gives the path of each of its files
 * @returns undefined where there is no journal, and so nothing to summarise
 * @throws UserError that names the file which is missing or no JSON
 */
export function readRunInput(folder: { file(name: string): string }): RunInput | undefined {
  if (!existsSync(folder.file(RUN_FILES.records))) return undefined;
  const config = readJson<ConfigFile>(folder.file(RUN_FILES.config));
  const outcome = readJson<OutcomeFile>(folder.file(RUN_FILES.outcome));
  const environment = readJsonIfThere<EnvironmentFile>(folder.file(RUN_FILES.environment));
  const k6Summary = readJsonIfThere<K6SummaryData>(folder.file(RUN_FILES.k6Summary));
  const lines = readServerLines(folder.file(RUN_FILES.server));
  const scrapes = lines.filter((line): line is MetricsLine => line.type === "metrics");
  const before = scrapes.find(({ moment }) => moment === "before");
  const after = scrapes.find(({ moment }) => moment === "after");
  const client = toClientUse(
    lines.filter((line): line is HostLine => line.type === "host"),
    environment?.cpu.logicalCores,
  );
  return {
    records: folder.file(RUN_FILES.records),
    config,
    outcome,
    ...(environment && { environment }),
    ...(k6Summary && { k6Summary }),
    ...(before && { countersBefore: new Map(Object.entries(before.values)) }),
    ...(after && { countersAfter: new Map(Object.entries(after.values)) }),
    ...(client && { client }),
  };
}

/** k6's use of CPU and memory over all samples; undefined where there are none. */
export function toClientUse(
  lines: readonly HostLine[],
  logicalCores: number | undefined,
): ClientUse | undefined {
  let [cpuSeconds, seconds, peakBytes] = [0, 0, 0];
  for (const [index, { atUnixMs, processes }] of lines.entries()) {
    if (!processes.k6) continue;
    peakBytes = Math.max(peakBytes, processes.k6.memoryBytes);
    const before = lines[index - 1];
    if (!before || processes.k6.cpuCores === undefined) continue;
    const elapsed = (atUnixMs - before.atUnixMs) / 1000;
    cpuSeconds += processes.k6.cpuCores * elapsed;
    seconds += elapsed;
  }
  if (peakBytes === 0) return undefined;
  return {
    ...(seconds > 0 && { k6CpuSeconds: cpuSeconds, k6CpuCores: cpuSeconds / seconds }),
    k6PeakMemoryBytes: peakBytes,
    ...(logicalCores !== undefined && { logicalCores }),
  };
}

function readJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is no JSON" : systemReason(error);
    throw new UserError(`${path} cannot be read: ${reason}. Without it the run cannot be summarised.`);
  }
}

function readJsonIfThere<T>(path: string): T | undefined {
  return existsSync(path) ? readJson<T>(path) : undefined;
}

/** The lines of server.jsonl; one that was cut off at the end is left out. */
function readServerLines(path: string): ServerLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return text.trim() === "" ? [] : [JSON.parse(text) as ServerLine];
      } catch {
        return [];
      }
    });
}
