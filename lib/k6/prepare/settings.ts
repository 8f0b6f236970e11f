// What is worked out once a process and then the same for every client: options, shape, metrics, thresholds.
import type { DialectName } from "../../core/apis/apis.ts";
import { rootUrl } from "../../core/apis/url.ts";
import { SUMMARY_TREND_STATS } from "../../core/goals/console-summary.ts";
import type { Slo } from "../../core/goals/slo.ts";
import { type Threshold, toThresholds } from "../../core/goals/thresholds.ts";
import { OptionError } from "../../core/option-error.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ShapeKind } from "../../core/options/shapes.ts";
import type { ClosedPlan, Executor } from "../../core/plans/closed.ts";
import type { Extent, PhaseOptions } from "../../core/plans/phases.ts";
import { hasExactLengths } from "../../core/prompts/output-lengths.ts";
import type { SampleKey } from "../../core/request/sample.ts";
import { type BodyPart, loadPart } from "../parts.ts";
import { configureExtension, scenarioMetrics } from "../scenario-metrics.ts";
import { readOptions } from "./config.ts";
import { prepareShape } from "./shape.ts";
import { toUserPath } from "./user-path.ts";

/** What each client has of its own copy. */
export interface ClientSettings {
  /** Where requests go. */
  url: string;
  /** Where the second half of each pair goes, in a run of two servers. */
  secondUrl?: string;
  /** How their answers are read. */
  dialect: DialectName;
  /** The media type of an answer. */
  accept: string;
  /** What every request has of headers besides its media types: the key's, the user's. */
  headers: Record<string, string>;
  /** What all bodies have: see `toBody`. */
  body: Record<string, unknown>;
  /** What a prompt is sent as. */
  input: "messages" | "text";
  /** The part that makes bodies, where the API is another one than OpenAI's completions. */
  bodyPart?: BodyPart;
  /** There are prompts that are made when they are sent. */
  synthetic?: true;
  load: LoadOptions;
  /** Absent where there are none. */
  slos?: Slo[];
  /** What a client asks for to have its connection before the load begins; absent where it need not. */
  warmUrl?: string;
  /** Where the value of each metric is, in the order of `sse.samples`. */
  samples: SampleKey[];
  /** Absent where every request is measured. */
  phases?: PhaseOptions;
  /** Of the whole run, as far as its shape tells. */
  extent?: Extent;
  /** Of a scenario prepared as `closed`. */
  closed?: ClosedPlan;
  /** Of one prepared as `open`. */
  open?: { dropsLate: boolean };
}

/** The k6 options that every scenario has. */
export interface K6Options {
  thresholds: Record<string, Threshold[]>;
  summaryTrendStats: string[];
  /** Of a shape that is not plain. */
  scenarios?: Record<string, Executor>;
  /** Of a plain shape that ends with its rows. */
  iterations?: number;
  vus?: number;
}

/**
 * For the init context.
 * @returns also when the requests of an open loop are due, in milliseconds from the start
 * @throws a text, not an Error, when an option is unfit: k6 prints that as one line, without a stack, and exits with 107
 */
export function prepareSettings(kind: ShapeKind): [ClientSettings, K6Options, number[]] {
  try {
    return toSettings(kind);
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}

/** With the system prompt that stands in a file. @throws OptionError where that cannot be read */
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

/** Of a run that nothing is asked of. */
const NO_GOALS: { slos: Slo[]; thresholds: Record<string, Threshold[]> } = { slos: [], thresholds: {} };

function hasGoals({ slo, require, abortOn }: LoadOptions): boolean {
  return (slo ?? require ?? abortOn) !== undefined;
}

function toSettings(kind: ShapeKind): [ClientSettings, K6Options, number[]] {
  const { load: asked, shape, given } = readOptions();
  const load = withSystemPrompt(asked);
  const { settings, executor, arrivals } = prepareShape(kind, { load, shape, given });
  const isAll = settings.phases === undefined;
  const { slos, thresholds: others } = hasGoals(load)
    ? loadPart("goals").prepareGoals(load, kind, isAll)
    : NO_GOALS;
  const hasSlos = slos.length > 0;
  const { prepareApi, DIALECTS } = loadPart("api");
  const { path, client: api } = prepareApi(load, kind);
  const samples = configureExtension(scenarioMetrics({ openLoop: kind === "open", hasSlos }), load, DIALECTS);
  const [first = load.url, second] = load.ab ?? [];
  const warm = load.warmConnections ? { warmUrl: `${rootUrl(first)}/health` } : {};
  const toUrl = (base: string) => rootUrl(base) + path;
  return [
    {
      url: toUrl(first),
      ...(second !== undefined && { secondUrl: toUrl(second) }),
      ...api,
      headers: loadPart("headers").prepareHeaders(load),
      ...(hasSlos && { slos }),
      ...((load.promptTokens !== undefined || shape.trace !== undefined) && { synthetic: true }),
      ...{ load, samples, ...warm, ...settings },
    },
    {
      thresholds: toThresholds({
        // Where all answers have a given length, the limit ends every one of them.
        truncatedLimit: hasExactLengths(load, shape) ? 1 : load.truncatedLimit,
        measuresAll: isAll,
        others,
      }),
      summaryTrendStats: SUMMARY_TREND_STATS,
      ...(executor && { scenarios: { [kind]: executor } }),
    },
    arrivals,
  ];
}
