// What is computed once a process and is the same for every client: options, shape, metrics, thresholds.
import { DIALECTS } from "../../core/apis/apis.ts";
import { endpointUrl } from "../../core/apis/url.ts";
import { hideUrlSecrets } from "../../core/apis/url-secrets.ts";
import { SUMMARY_TREND_STATS } from "../../core/goals/console-summary.ts";
import { readGoals } from "../../core/goals/goals.ts";
import {
  type Threshold,
  toRequirementThresholds,
  toThresholds,
  toTruncatedLimit,
} from "../../core/goals/thresholds.ts";
import { OptionError } from "../../core/option-error.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ShapeKind } from "../../core/options/shapes.ts";
import type { Executor } from "../../core/plans/closed.ts";
import { hasExactLengths } from "../../core/prompts/output-lengths.ts";
import { REMEDIES } from "../../core/request/give-up.ts";
import type { ClientSettings } from "../request/client-settings.ts";
import { prepareApi, prepareHeaders } from "./api.ts";
import { readOptions } from "./config.ts";
import { configureExtension, scenarioMetrics } from "./scenario-metrics.ts";
import { prepareShape } from "./shape.ts";
import { toUserPath } from "./user-path.ts";

/** The k6 options that every scenario has. */
export interface K6Options {
  thresholds: Record<string, Threshold[]>;
  summaryTrendStats: string[];
  /** For a shape that is not plain. */
  scenarios?: Record<string, Executor>;
  /** For a plain shape that ends with its rows. */
  iterations?: number;
  vus?: number;
}

/** Reads the system prompt from its file, if there is one. @throws OptionError if it cannot be read */
function withSystemPrompt(load: LoadOptions): LoadOptions {
  const { systemPromptFile: file, ...rest } = load;
  if (file === undefined) return load;
  try {
    return { ...rest, systemPrompt: open(toUserPath(file)).trimEnd() };
  } catch {
    throw new OptionError(
      `The system prompt ${file} cannot be read: correct SERVER_BENCH_SYSTEM_PROMPT_FILE (\`--system-prompt-file\`).`,
    );
  }
}

/** The objectives of single requests, and the thresholds that the goals of the run become. @throws OptionError */
function prepareGoals(load: LoadOptions, kind: ShapeKind, measuresAll: boolean) {
  const { slos, requirements, conditions } = readGoals(load, kind);
  return { slos, thresholds: toRequirementThresholds(requirements, conditions, measuresAll) };
}

/**
 * For the init context.
 * @returns also when the requests of an open loop are due, in milliseconds from the start
 * @throws OptionError
 */
export function prepareSettings(kind: ShapeKind): [ClientSettings, K6Options, number[]] {
  const { load: asked, shape, given } = readOptions();
  const load = withSystemPrompt(asked);
  const { settings, executor, arrivals } = prepareShape(kind, { load, shape, given });
  const measuresAll = settings.phases === undefined;
  const goals = prepareGoals(load, kind, measuresAll);
  const hasSlos = goals.slos.length > 0;
  const { path, client: api } = prepareApi(load);
  const openLoop = kind === "open";
  const samples = configureExtension(
    scenarioMetrics({ openLoop, hasSlos }),
    load,
    DIALECTS,
    openLoop,
    shape.skipIdleMin,
  );
  const [first = load.url, second] = load.ab ?? [];
  const toUrl = (base: string) => endpointUrl(base, path);
  const shownUrl = hideUrlSecrets(toUrl(first));
  return [
    {
      url: toUrl(first),
      ...(shownUrl !== toUrl(first) && { shownUrl }),
      ...(second !== undefined && { secondUrl: toUrl(second) }),
      ...api,
      headers: prepareHeaders(load),
      ...(hasSlos && { slos: goals.slos }),
      ...((load.promptTokens !== undefined || shape.trace !== undefined) && { synthetic: true }),
      load,
      samples,
      remedies: REMEDIES,
      ...(load.warmConnections && { warmUrl: endpointUrl(first, "/health") }),
      ...settings,
    },
    {
      thresholds: toThresholds({
        truncatedLimit: toTruncatedLimit(load.truncatedLimit, kind, hasExactLengths(load, shape)),
        measuresAll,
        others: goals.thresholds,
      }),
      summaryTrendStats: SUMMARY_TREND_STATS,
      ...(executor && { scenarios: { [kind]: executor } }),
    },
    arrivals,
  ];
}
