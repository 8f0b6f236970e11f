// A configuration → k6's command line and environment. Pure.
import { resolve } from "node:path";
import { toK6Rule } from "../../lib/core/goals/requirement-threshold.ts";
import { LOAD_OPTIONS, type OptionSpec, type OptionValue } from "../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../lib/core/options/shape-options.ts";
import type { Config } from "../config/config.ts";
import type { LoadPlan } from "../config/load-plan.ts";
import { toOptionText } from "../config/option-flags.ts";
import { RUNNER_OPTIONS } from "../config/runner-options.ts";

/** Where k6 leaves what it measured; absolute paths. */
export interface K6Files {
  journal: string;
  summary: string;
  /** The prompts, as rows in their order. */
  rows: string;
  /** Of an open loop. */
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
    // The runner has its own live line; k6's progress bar is for a terminal that k6 does not have here.
    "--quiet",
    "--no-color",
    // Flags would make a plain closed loop of any other shape, which is told by variables, or by the script itself.
    ...(plain ? ["--vus", String(load.clients), "--iterations", String(load.iterations)] : []),
    // k6 does not take a bare "600", and "0.5s" it does.
    ...(plain ? ["--duration", `${load.seconds}s`] : []),
    ...(debug === undefined ? [] : [debug === "full" ? "--http-debug=full" : "--http-debug"]),
    scenario,
  ];
}

/**
 * Variables that k6 gets besides the user's own: every load option that has a value, by its SERVER_BENCH_* name.
 * @param serverUrl base URL of the server that is measured
 */
export function toK6Variables(
  config: Config,
  load: LoadPlan,
  serverUrl: string,
  files: K6Files,
): Record<string, string> {
  const values: Record<string, OptionValue | undefined> = {
    ...toShapeValues(load),
    ...load.options,
    url: serverUrl,
    // The rest is the runner's to judge.
    require: config.goals.requirements.filter((one) => toK6Rule(one, true)).map(({ text }) => text),
  };
  const variables: Record<string, string> = {};
  for (const [key, spec] of Object.entries<OptionSpec>({ ...LOAD_OPTIONS, ...SHAPE_OPTIONS })) {
    const value = values[key];
    const isNothing = value === undefined || (Array.isArray(value) && value.length === 0);
    if (spec.variable !== undefined && !isNothing) variables[spec.variable] = toOptionText(value);
  }
  // What the user's own variables say of several runs is not for k6, which reads its environment: empty is not given.
  const isChosen = config.workloadName !== undefined || config.runner.target !== undefined;
  return {
    ...(isChosen && { SERVER_BENCH_WORKLOAD: "", SERVER_BENCH_AB: "" }),
    ...variables,
    ...toReachVariables(config),
    ...(files.schedule !== undefined && { SERVER_BENCH_SCHEDULE: files.schedule }),
    SERVER_BENCH_ROWS: files.rows,
    SERVER_BENCH_JOURNAL: files.journal,
    SERVER_BENCH_K6_SUMMARY: files.summary,
    SERVER_BENCH_QUIET: "1",
    // k6 would otherwise look online for a binary with the extension that ours has, and report its use.
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    K6_NO_USAGE_REPORT: "true",
  };
}

/** How k6 gets at the server; the values of variables that headers name stay where they are, in k6's own environment. */
function toReachVariables({ runner: { headers = [], insecure, caFile } }: Config): Record<string, string> {
  return {
    ...(headers.length > 0 && { [RUNNER_OPTIONS.headers.variable]: toOptionText(headers) }),
    ...(insecure && { K6_INSECURE_SKIP_TLS_VERIFY: "true" }),
    // k6 has no option for it. Go adds the folders of the system's certificates to this file.
    ...(caFile !== undefined && { SSL_CERT_FILE: resolve(caFile) }),
  };
}

/** What k6 is told of the shape: what was given, and in a closed loop how many clients the runner derived. */
function toShapeValues({ kind, shape, clients }: LoadPlan): Record<string, OptionValue | undefined> {
  return kind === "closed" && shape.stages === undefined ? { ...shape, vus: clients } : shape;
}
