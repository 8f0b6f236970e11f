// The load that a calibration repeats: of a finished run, or as the options define it.

import { type Config, resolveConfig } from "../../config/config.ts";
import { toOptionText } from "../../config/option-flags.ts";
import { prepareScript } from "../../load/scenario/own-scenario.ts";
import { findScenario } from "../../load/scenario/scenario-file.ts";
import type { Variables } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { readJson } from "../../platform/json-file.ts";
import { readShape } from "../../platform/schema-shape.ts";
import { UserError } from "../../platform/user-error.ts";
import { FILE_SHAPES } from "../../run-folder/file-shapes.ts";
import { type ConfigFile, RUN_FILES } from "../../run-folder/run-files.ts";
import type { RunFolder } from "../../run-folder/run-folder.ts";
import type { Summary } from "../../summary/summary.ts";

/** Any address will do: the null server's replaces it. */
const NO_SERVER = "http://127.0.0.1";
/** Options that shape the requests of a run and thereby the work of its client. */
const KEPT = [
  "seed",
  "maxPromptTokens",
  "maxContext",
  "maxTokens",
  "systemPrompt",
  "temperature",
  "stop",
  "sleep",
  "itlSamples",
  "warmConnections",
  "stamps",
  "vus",
  "iterations",
];

/** The load that a calibration repeats. */
export interface KnownLoad {
  config: Config;
  /** Absolute path of the scenario. */
  scenario: string;
  summary?: Summary;
}

const REMEDY = "Give the folder of a finished run.";

/** The options of a run and its results. @throws UserError if the folder has no finished run */
export function readRun(folder: RunFolder, variables: Variables): KnownLoad {
  const file = readJson<ConfigFile>(folder.file(RUN_FILES.config), REMEDY, FILE_SHAPES.config);
  const summary = readJson<Summary>(folder.file(RUN_FILES.summary), REMEDY, readShape("summary"));
  const kept = KEPT.flatMap((key) => {
    const value = file.values[key];
    return value === undefined ? [] : [[key, toOptionText(value)] as const];
  });
  const { BENCH_K6_BIN_PATH } = variables;
  const isPlain = file.kind === "plain";
  const config = resolveConfig({
    flags: { url: NO_SERVER },
    variables: { BENCH_K6_BIN_PATH },
    profile: { ...Object.fromEntries(kept), ...(!isPlain && { vus: String(countClients(file, summary)) }) },
  });
  return { config, scenario: isPlain ? file.scenario : findScenario("script").path, summary };
}

/** The number of clients with the same concurrency as a run of another shape; for an open loop by Little's law. */
function countClients({ kind, vus }: ConfigFile, { throughput, metrics }: Summary): number {
  if (kind === "closed" || throughput === undefined || metrics.e2e === undefined) return vus;
  return Math.min(vus, Math.ceil((throughput.requestsPerSecond * metrics.e2e.mean) / 1000) || 1);
}

/** The load that the options define. @throws UserError, OptionError */
export async function readOptions(
  flags: Readonly<Record<string, string>>,
  variables: Variables,
): Promise<KnownLoad> {
  const { "hf-repo": _, "hf-file": __, model: ___, ...rest } = flags;
  const config = resolveConfig({ flags: { ...rest, url: NO_SERVER }, variables });
  if (config.kind === "open") {
    throw new UserError(
      "`calibrate` needs to know how many streams are open at a time: give `--vus`, or the folder of a finished run.",
      EXIT.usage,
    );
  }
  const name = config.kind === "plain" ? config.runner.scenario : "script";
  return { config, scenario: await prepareScript(name, variables) };
}
