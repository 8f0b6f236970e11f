// The options of a load and of its shape from where people give them, a named workload before the defaults.
import { apiOf } from "../apis/apis.ts";
import { readPasted } from "../apis/pasted-url.ts";
import { SCHEDULE_KEYS } from "../plans/schedule.ts";
import { checkLoad } from "./check-load.ts";
import { type OptionSources, type Origin, parseOption, resolveOptions } from "./option.ts";
import { LOAD_OPTIONS, type LoadOptions } from "./options.ts";
import { PRESETS } from "./presets.ts";
import { SHAPE_OPTIONS, type ShapeKey, type ShapeOptions } from "./shape-options.ts";
import { checkTimes } from "./shapes.ts";

export interface ResolvedLoad {
  load: LoadOptions;
  shape: ShapeOptions;
  origins: Record<string, Origin>;
  /** The options of the shape that were given, directly or by a workload's name. */
  given: ShapeKey[];
}

/** What settings.json hands from the runner to k6; keys, and addresses that may contain a password, stay variables. */
export interface K6Settings extends Pick<ResolvedLoad, "shape" | "given"> {
  load: Omit<LoadOptions, "url" | "ab" | "apiKey">;
}

function findPreset({ flags, variables, file }: OptionSources): {
  name?: string;
  values: Record<string, string>;
} {
  const { flag, variable } = SHAPE_OPTIONS.workload;
  const sources = [
    [flags?.[flag], `\`--${flag}\``],
    [variables?.[variable] || undefined, `\`${variable}\``],
    [file?.workload, "`workload`"],
  ] as const;
  const [text, source] = sources.find(([given]) => given !== undefined) ?? [];
  if (text === undefined || source === undefined) return { values: {} };
  const name = String(parseOption(SHAPE_OPTIONS.workload, text, source));
  return { name, values: { ...PRESETS[name] } };
}

/** The default system prompt is left out where every token of a prompt counts, and for an API without roles. */
function withoutNeedlessPrompt(load: LoadOptions, origin: Origin | undefined): LoadOptions {
  const isNeedless = load.promptTokens !== undefined || apiOf(load.endpoint).input === "text";
  const isAsked = origin !== "default" || load.systemPromptFile !== undefined;
  return isNeedless && !isAsked ? { ...load, systemPrompt: "" } : load;
}

type Origins = Record<string, Origin | undefined>;

/** Addresses without the path of an API that people pasted with them; where no option names the API, the address does. */
function withBase(load: LoadOptions, origins: Origins): LoadOptions {
  const [first = load.url] = load.ab ?? [];
  const { endpoint } = readPasted(first);
  const isNamed = endpoint !== undefined && origins.endpoint === "default";
  if (isNamed) origins.endpoint = origins[load.ab === undefined ? "url" : "ab"];
  return {
    ...load,
    url: readPasted(load.url).base,
    ...(load.ab !== undefined && { ab: load.ab.map((url) => readPasted(url).base) }),
    ...(isNamed && { endpoint }),
  };
}

/**
 * flag > variable > file > workload > default.
 * @throws OptionError
 */
export function resolveLoad(sources: OptionSources): ResolvedLoad {
  const { name, values: preset } = findPreset(sources);
  const isGiven = (key: (typeof SCHEDULE_KEYS)[number]) => {
    const { flag, variable } = SHAPE_OPTIONS[key];
    return Boolean(sources.flags?.[flag] ?? (sources.variables?.[variable] || sources.file?.[key]));
  };
  // Another schedule replaces the rate of the workload.
  if (SCHEDULE_KEYS.some((key) => key !== "rate" && isGiven(key))) delete preset.rate;
  // A function and a trace define their own gaps between arrivals.
  if (isGiven("arrivalsFunction") || isGiven("trace")) delete preset.arrivals;
  // A number of requests ends a load as well as a time does.
  const { flag, variable } = SHAPE_OPTIONS.iterations;
  if (sources.flags?.[flag] ?? (sources.variables?.[variable] || sources.file?.iterations))
    delete preset.duration;
  const from: OptionSources = {
    ...sources,
    file: { ...preset, ...sources.file },
    ...(name !== undefined && { fileName: `the workload ${name}` }),
  };
  const asked = resolveOptions(LOAD_OPTIONS, from);
  const load = { origins: asked.origins, values: withBase(asked.values, asked.origins as Origins) };
  const shape = resolveOptions(SHAPE_OPTIONS, from);
  checkTimes(shape.values);
  checkLoad(load.values, shape.values);
  const keys = Object.keys(shape.origins) as ShapeKey[];
  return {
    load: withoutNeedlessPrompt(load.values, load.origins.systemPrompt),
    shape: shape.values,
    origins: { ...load.origins, ...shape.origins } as Record<string, Origin>,
    given: keys.filter((key) => shape.origins[key] !== "default"),
  };
}
