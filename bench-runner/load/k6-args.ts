// A configuration → k6's command line, environment and settings. Pure.
import { resolve } from "node:path";
import { toK6Rule } from "../../lib/core/goals/thresholds.ts";
import { type OptionValue, resolveOptions } from "../../lib/core/options/option.ts";
import { LOAD_OPTIONS, type LoadOptions } from "../../lib/core/options/options.ts";
import type { K6Settings } from "../../lib/core/options/resolve-load.ts";
import { SHAPE_OPTIONS, type ShapeKey, type ShapeOptions } from "../../lib/core/options/shape-options.ts";
import type { Config } from "../config/config.ts";
import type { LoadPlan } from "../config/load-plan.ts";
import { toOptionText } from "../config/option-flags.ts";
import { RUNNER_OPTIONS } from "../config/runner-options.ts";
import { K6_CONFIG_FILE } from "./k6-environment.ts";

/** What k6 reads, and where it writes what it measured; absolute paths. */
export interface K6Files {
  journal: string;
  summary: string;
  /** The prompts, as rows in their order. */
  rows: string;
  /** What toK6Settings returns, as JSON. */
  settings: string;
  /** When each request of an open loop is due. */
  schedule?: string;
}

/**
 * k6's arguments, without the program.
 * @param scenario absolute path of the script
 */
export function toK6Args(config: Config, load: LoadPlan, scenario: string): string[] {
  const debug = config.runner.httpDebug;
  const plain = load.kind === "plain" && load.isScripts === undefined;
  return [
    "run",
    // The runner shows its own progress line; k6's progress bar needs a terminal that k6 does not have here.
    "--quiet",
    "--no-color",
    // The user's own file of k6 would change the load.
    ...["--config", K6_CONFIG_FILE],
    // Flags would turn any other shape into a plain closed loop; it is set by the settings file or the script itself.
    ...(plain ? ["--vus", String(load.clients), "--iterations", String(load.iterations)] : []),
    // k6 rejects a bare "600" but accepts "0.5s".
    ...(plain ? ["--duration", `${load.seconds}s`] : []),
    ...(config.runner.k6Tag ?? []).flatMap((tag) => ["--tag", tag]),
    ...(debug === undefined ? [] : [debug === "full" ? "--http-debug=full" : "--http-debug"]),
    scenario,
  ];
}

/** The load options of llama.cpp's server bench, whose variables any script may read. */
const BENCH_OPTIONS = [
  "url",
  "nPrompts",
  "modelAlias",
  "maxTokens",
  "dataset",
  "maxPromptTokens",
  "maxContext",
] as const;

/**
 * Variables that k6 gets in addition to the user's own: the files of the run, the keys, and the seven variables of
 * llama.cpp's server bench. All other options are in the settings file.
 * @param serverUrl base URL of the server that is measured
 */
export function toK6Variables(
  config: Config,
  load: LoadPlan,
  serverUrl: string,
  files: K6Files,
): Record<string, string> {
  const { ab = [], apiKey } = load.options;
  const { k6Out = [] } = config.runner;
  const isChosen = config.workloadName !== undefined || config.runner.target !== undefined;
  const values: LoadOptions = { ...load.options, url: serverUrl };
  const variables: Record<string, string> = {};
  for (const key of BENCH_OPTIONS) {
    const value = values[key];
    if (value !== undefined) variables[LOAD_OPTIONS[key].variable] = toOptionText(value);
  }
  return {
    ...variables,
    // The user's own variable may list the servers of several runs; k6 reads an empty one as not given.
    ...((isChosen || ab.length > 0) && { [LOAD_OPTIONS.ab.variable]: ab.length > 0 ? toOptionText(ab) : "" }),
    ...(apiKey !== undefined && { [LOAD_OPTIONS.apiKey.variable]: apiKey }),
    ...toReachVariables(config),
    [RUNNER_OPTIONS.stamps.variable]: config.runner.stamps,
    SERVER_BENCH_SETTINGS: files.settings,
    ...(files.schedule !== undefined && { SERVER_BENCH_SCHEDULE: files.schedule }),
    SERVER_BENCH_ROWS: files.rows,
    SERVER_BENCH_JOURNAL: files.journal,
    SERVER_BENCH_K6_SUMMARY: files.summary,
    SERVER_BENCH_QUIET: "1",
    // By variable, because the address of an output may have a password in it.
    ...(k6Out.length > 0 && { K6_OUT: k6Out.join(",") }),
    // k6 would otherwise look online for a binary with the extension that ours has, and report its use.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    K6_NO_USAGE_REPORT: "true",
  };
}

/** How k6 reaches the server; variables that headers name are resolved in k6's own environment. */
function toReachVariables({ runner: { headers = [], insecure, caFile } }: Config): Record<string, string> {
  return {
    ...(headers.length > 0 && { [RUNNER_OPTIONS.headers.variable]: toOptionText(headers) }),
    ...(insecure && { K6_INSECURE_SKIP_TLS_VERIFY: "true" }),
    // k6 has no such option. Go uses this file in addition to the system's certificate folders.
    ...(caFile !== undefined && { SSL_CERT_FILE: resolve(caFile) }),
  };
}

/** The content of settings.json: every resolved option that k6 uses, as its value. */
export function toK6Settings(config: Config, load: LoadPlan): K6Settings {
  const { url: _, ab: __, apiKey: ___, ...options } = load.options;
  // The remaining requirements are judged by the runner.
  const rules = config.goals.requirements.filter((one) => toK6Rule(one, true)).map(({ text }) => text);
  const values = Object.entries({ ...options, require: rules });
  const isNothing = (value: OptionValue | undefined) => Array.isArray(value) && value.length === 0;
  return {
    load: Object.fromEntries(values.filter(([, value]) => !isNothing(value))) as K6Settings["load"],
    ...toGivenShape(load),
  };
}

/** The shape as far as it was given, and in a closed loop with the number of clients that the runner derived. */
function toGivenShape({ kind, shape, clients }: LoadPlan): Pick<K6Settings, "shape" | "given"> {
  const isDerived = kind === "closed" && shape.stages === undefined;
  const given: Partial<ShapeOptions> = isDerived ? { ...shape, vus: clients } : shape;
  return {
    shape: { ...resolveOptions(SHAPE_OPTIONS, {}).values, ...given },
    given: Object.keys(given) as ShapeKey[],
  };
}
