// What a run is asked to do: every option resolved (flag > variable > profile > default), and what follows from them. Pure.

import { apiOf } from "../../lib/core/apis/apis.ts";
import { toAuthStyle } from "../../lib/core/apis/headers.ts";
import { checkAborts } from "../../lib/core/goals/abort.ts";
import { type Goals, readGoals } from "../../lib/core/goals/goals.ts";
import { resolveOptions } from "../../lib/core/options/option.ts";
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { resolveLoad } from "../../lib/core/options/resolve-load.ts";
import type { ShapeKey, ShapeOptions } from "../../lib/core/options/shape-options.ts";
import {
  checkShape,
  SHAPE_SCENARIOS,
  type ShapeKind,
  shapeOf,
  shapeWanted,
} from "../../lib/core/options/shapes.ts";
import { checkPhases } from "../../lib/core/plans/check-phases.ts";
import { DEFAULT_SECONDS, toClosedPlan } from "../../lib/core/plans/closed.ts";
import { toConcurrency } from "../../lib/core/plans/open.ts";
import { countPlanned } from "../../lib/core/plans/prompt-count.ts";
import { type Access, toAccess } from "../platform/access.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import type { ConfigOrigin } from "../run-folder/run-files.ts";
import { chooseTarget } from "./choose-target.ts";
import { checkNoCommandOptions } from "./command-target.ts";
import type { ConfigSources, RunnerValues, Target } from "./config-types.ts";
import { parseListen } from "./listen-option.ts";
import { RUNNER_OPTIONS } from "./runner-options.ts";

export interface Config {
  load: LoadOptions;
  shape: ShapeOptions;
  /** The options of the shape that were given. */
  given: ShapeKey[];
  kind: ShapeKind;
  /** What the run has to reach. */
  goals: Goals;
  /** How the runner itself reaches the server. */
  access: Access;
  runner: RunnerValues;
  /** What configuration files call the load. */
  workloadName?: string;
  /** What configuration files or the command line call the model. */
  modelName?: string;
  target: Target;
  /** The maximum number of concurrent clients, and so of requests. */
  vus: number;
  /** Planned requests; undefined where time alone ends the run. */
  iterations: number | undefined;
  /** Known for an open loop only with its schedule: see LoadPlan. */
  durationSeconds: number;
  origins: Record<string, ConfigOrigin>;
}

const isGiven = (origin: ConfigOrigin | undefined) =>
  origin === "flag" || origin === "variable" || origin === "file";

function usageError(message: string): UserError {
  return new UserError(message, EXIT.usage);
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
    file: { ...sources.found, ...sources.profile, ...sources.file },
    fileName: sources.file ? "the configuration" : sources.profile ? "the profile" : "the server's answer",
  };
  const { load: asked, shape, given, origins: loadOrigins } = resolveLoad(from);
  const load = withAddresses(asked, sources.addresses);
  const runner = resolveOptions(RUNNER_OPTIONS, from);
  const origins: Record<string, ConfigOrigin> = {};
  for (const [key, origin] of [...Object.entries(loadOrigins), ...Object.entries(runner.origins)]) {
    const isFound = sources.found?.[key] !== undefined && sources.profile?.[key] === undefined;
    const isOfFile = origin !== "file" || sources.file?.[key] !== undefined;
    origins[key] = isOfFile ? origin : isFound ? "server" : "profile";
  }
  checkAborts(load);
  checkLayers(runner.values.nGpuLayers);
  if (runner.values.listen !== undefined) parseListen(runner.values.listen);
  const target = chooseTarget(load, runner.values, origins, sources);
  if (target.kind !== "command") checkNoCommandOptions((key) => origins[key] === "flag");

  const derived: { branch?: string; commit?: string } = {};
  for (const key of ["branch", "commit"] as const) {
    const text = sources.git?.[key];
    if (runner.values[key] === undefined && text !== undefined) {
      derived[key] = text;
      origins[key] = "git";
    }
  }
  const values = { load, runner: { ...runner.values, ...derived } };
  const isNamed = origins.model === "flag" || origins.model === "file";
  if (target.kind === "url" && isNamed && !isGiven(origins.modelAlias)) {
    values.load = { ...values.load, modelAlias: runner.values.model as string };
    origins.modelAlias = origins.model as ConfigOrigin;
  }
  if (target.kind === "command" && runner.values.model !== undefined && !isGiven(origins.modelAlias)) {
    values.load = { ...values.load, modelAlias: runner.values.model };
    origins.modelAlias = "derived";
  }
  const wanted = shapeWanted(given);
  if (origins.scenario === "default" && wanted !== undefined) {
    values.runner.scenario = SHAPE_SCENARIOS[wanted];
    origins.scenario = "derived";
  }
  for (const key of ["vus", "iterations"]) origins[key] ??= "derived";
  const kind = shapeOf(values.runner.scenario);
  checkShape(kind, given, values.runner.scenario);
  const size = toSize(kind, shape, { ...values, isGiven: (key) => isGiven(origins[key]) });
  const goals = readGoals(values.load, kind);
  const api = apiOf(load.endpoint);
  const auth = toAuthStyle({ url: load.ab?.[0] ?? load.url, keyHeader: load.keyHeader }, api.auth);
  const access = toAccess({ ...values.runner, apiKey: load.apiKey }, sources.variables, { ...api, auth });
  const { workloadName, modelName } = sources;
  if (workloadName !== undefined) origins.workload = "file";
  const named = {
    ...(workloadName !== undefined && { workloadName }),
    ...(modelName !== undefined && { modelName }),
  };
  return freezeDeep({ ...values, ...named, shape, given, kind, goals, access, target, ...size, origins });
}

/** Nothing may change what was resolved: what a run learns later is in its LoadPlan. */
function freezeDeep<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) {
    if (typeof part === "object" && part !== null && !Object.isFrozen(part)) freezeDeep(part);
  }
  return Object.freeze(value);
}

/** Options that end a load whatever its prompts are. */
const OTHER_ENDS: Readonly<Record<ShapeKind, readonly ShapeKey[]>> = {
  plain: [],
  closed: ["stages", "threadStopTime"],
  open: ["duration", "rateStages", "arrivalsFunction", "trace"],
};

/** Whether a load without a size sends each prompt once: it then has as many requests as there are prompts. */
export function endsWithPrompts({
  kind,
  origins,
  given,
}: Pick<Config, "kind" | "origins" | "given">): boolean {
  if (isGiven(origins.nPrompts) || isGiven(origins.iterations)) return false;
  return !OTHER_ENDS[kind].some((key) => given.includes(key));
}

function withAddresses(load: LoadOptions, addresses: ConfigSources["addresses"] = {}): LoadOptions {
  const settle = (url: string) => addresses[url] ?? url;
  return { ...load, url: settle(load.url), ...(load.ab && { ab: load.ab.map(settle) }) };
}

type Size = Pick<Config, "vus" | "iterations" | "durationSeconds">;

interface SizeSources {
  load: LoadOptions;
  runner: RunnerValues;
  isGiven(key: string): boolean;
}

/** How many clients and requests, and for how long, as far as the options alone decide. @throws OptionError, UserError */
function toSize(kind: ShapeKind, shape: ShapeOptions, { load, runner, ...from }: SizeSources): Size {
  const requests = countPlanned(load);
  if (kind === "closed") {
    const plan = toClosedPlan(shape, { clients: runner.parallel, requests });
    const seconds = plan.requests === undefined ? plan.seconds : undefined;
    checkPhases(shape, { requests: plan.requests, seconds });
    return { vus: plan.clients, iterations: plan.requests, durationSeconds: plan.seconds };
  }
  const iterations = shape.iterations ?? requests;
  if (kind === "open") {
    return { vus: toConcurrency(shape, Number.POSITIVE_INFINITY), iterations, durationSeconds: 0 };
  }
  let vus = shape.vus ?? runner.parallel;
  // k6 refuses fewer shared iterations than clients.
  if (iterations < vus) {
    if (from.isGiven("vus")) {
      throw usageError(
        `Expected \`--iterations\` to be at least \`--vus\` (${vus}), got \`${iterations}\`. Each client sends one request or more.`,
      );
    }
    vus = iterations;
  }
  checkPhases(shape, { requests: iterations, seconds: undefined });
  return { vus, iterations, durationSeconds: shape.duration ?? DEFAULT_SECONDS };
}
