// What a run is asked to do: every option resolved (flag > variable > profile > default), and what follows from them. Pure.
import { checkAborts } from "../lib/core/abort-check.ts";
import {
  LOAD_OPTIONS,
  type LoadOptions,
  type OptionValue,
  resolveOptions,
  type Values,
} from "../lib/core/options.ts";
import { EXIT } from "./exit-codes.ts";
import type { ConfigOrigin } from "./run-files.ts";
import { RUNNER_OPTIONS } from "./runner-options.ts";
import { HIDDEN, hideSecretArgs, hideUserInfo } from "./secrets.ts";
import { UserError } from "./user-error.ts";

export type RunnerValues = Values<typeof RUNNER_OPTIONS>;

/** What the runner measures: a llama-server of its own, or a server that runs already. */
export type Target = { kind: "start"; model: ModelSource } | { kind: "url"; url: string };
export type ModelSource = { kind: "file"; path: string } | { kind: "hub"; repo: string; file?: string };

export interface Config {
  load: LoadOptions;
  runner: RunnerValues;
  target: Target;
  vus: number;
  iterations: number;
  durationSeconds: number;
  origins: Record<string, ConfigOrigin>;
}

export interface ConfigSources {
  /** By flag name. */
  flags: Readonly<Record<string, string | undefined>>;
  variables: Readonly<Record<string, string | undefined>>;
  /** Values of a named profile, by option key; they come before the defaults. */
  profile?: Readonly<Record<string, string>>;
  /** The git branch and commit of the folder the user stands in. */
  git?: { branch?: string; commit?: string };
  /** What is served when nobody says so: the model that setup fetched. Only a profile has one. */
  fallbackModel?: string;
}

const isGiven = (origin: ConfigOrigin | undefined) => origin === "flag" || origin === "variable";

function usageError(message: string): UserError {
  return new UserError(message, EXIT.usage);
}

/** A flag wins over a variable; of two that are given in the same way, neither does. */
function chooseTarget(
  load: LoadOptions,
  runner: RunnerValues,
  origins: Record<string, ConfigOrigin>,
  fallbackModel: string | undefined,
): Target {
  for (const origin of ["flag", "variable"] as const) {
    const isFrom = (key: string) => origins[key] === origin;
    if (isFrom("url") && isFrom("hfRepo")) {
      throw usageError(
        "Expected either `--url` (a server that already runs) or `--hf-repo` (a server to start), got both. Leave one out.",
      );
    }
    if (isFrom("model") && isFrom("hfRepo")) {
      throw usageError(
        "Expected either `--model` (a file) or `--hf-repo` (a download), got both. Leave one out.",
      );
    }
    if (isFrom("url")) return { kind: "url", url: load.url };
    if (isFrom("hfRepo")) return { kind: "start", model: toHubModel(runner) };
    if (isFrom("model")) return { kind: "start", model: { kind: "file", path: runner.model as string } };
  }
  if (runner.hfFile !== undefined) {
    throw usageError(
      "`--hf-file` names a file in a repository: add `--hf-repo OWNER/NAME`, or give a local file with `--model`.",
    );
  }
  if (fallbackModel === undefined) {
    throw usageError(
      "Nothing to measure: give `--model FILE.gguf` or `--hf-repo OWNER/NAME` to start llama-server, or `--url http://HOST:PORT` " +
        "for a server that already runs. `npm start` does a first run with a small model.",
    );
  }
  return { kind: "start", model: { kind: "file", path: fallbackModel } };
}

function toHubModel(runner: RunnerValues): ModelSource {
  const repo = runner.hfRepo as string;
  return { kind: "hub", repo, ...(runner.hfFile !== undefined && { file: runner.hfFile }) };
}

function checkLayers(text: string | undefined): void {
  if (text !== undefined && !/^(\d+|auto|all|-1)$/.test(text)) {
    throw usageError(`\`--n-gpu-layers\`: expected a whole number, \`auto\` or \`all\`, got \`${text}\`.`);
  }
}

/**
 * @throws OptionError or UserError: one sentence for a value that does not fit, or for options that contradict each other
 */
export function resolveConfig(sources: ConfigSources): Config {
  const from = {
    flags: sources.flags,
    variables: sources.variables,
    ...(sources.profile && { file: sources.profile, fileName: "the profile" }),
  };
  const load = resolveOptions(LOAD_OPTIONS, from);
  const runner = resolveOptions(RUNNER_OPTIONS, from);
  const origins: Record<string, ConfigOrigin> = {};
  for (const [key, origin] of [...Object.entries(load.origins), ...Object.entries(runner.origins)]) {
    origins[key] = origin === "file" ? "profile" : origin;
  }
  checkAborts(load.values);
  checkLayers(runner.values.nGpuLayers);
  const target = chooseTarget(load.values, runner.values, origins, sources.fallbackModel);

  const derived: { branch?: string; commit?: string } = {};
  for (const key of ["branch", "commit"] as const) {
    const text = sources.git?.[key];
    if (runner.values[key] === undefined && text !== undefined) {
      derived[key] = text;
      origins[key] = "git";
    }
  }
  const values = { load: load.values, runner: { ...runner.values, ...derived } };
  if (target.kind === "url" && origins.model === "flag" && !isGiven(origins.modelAlias)) {
    values.load = { ...values.load, modelAlias: runner.values.model as string };
    origins.modelAlias = "flag";
  }
  if (origins.vus === undefined) origins.vus = "derived";
  if (origins.iterations === undefined) origins.iterations = "derived";
  const config: Config = {
    ...values,
    target,
    vus: values.runner.vus ?? values.runner.parallel,
    iterations: values.runner.iterations ?? values.load.nPrompts,
    durationSeconds: values.runner.duration,
    origins,
  };
  // k6 refuses fewer shared iterations than clients.
  if (config.iterations < config.vus) {
    if (isGiven(origins.vus)) {
      throw usageError(
        `Expected \`--iterations\` to be at least \`--vus\` (${config.vus}), got \`${config.iterations}\`. Each client sends one request or more.`,
      );
    }
    config.vus = config.iterations;
  }
  return config;
}

function hideSecrets(key: string, value: OptionValue): OptionValue {
  if (key === "url") return hideUserInfo(String(value));
  return key === "llamaServerArgs" ? hideSecretArgs(value as readonly string[]) : value;
}

/** Every value by its option's key, with secrets replaced: for config.json and the terminal. */
export function toShownValues(config: Config): Record<string, OptionValue> {
  const shown: Record<string, OptionValue> = {};
  const tables = { ...LOAD_OPTIONS, ...RUNNER_OPTIONS };
  const values: Record<string, OptionValue | undefined> = { ...config.load, ...config.runner };
  for (const [key, spec] of Object.entries(tables)) {
    const value = values[key];
    // The address of a server that is started here is not what `--url` says.
    if (value === undefined || (key === "url" && config.target.kind === "start")) continue;
    shown[key] = "secret" in spec && spec.secret ? HIDDEN : hideSecrets(key, value);
  }
  shown.vus = config.vus;
  shown.iterations = config.iterations;
  return shown;
}
