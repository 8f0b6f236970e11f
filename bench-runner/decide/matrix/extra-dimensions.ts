// Options that distinguish otherwise equal runs: runs with different options are not repeats of each other.
import type { OptionValue } from "../../../lib/core/options/option.ts";
import { ALL_OPTIONS, toOptionText } from "../../config/option-flags.ts";
import type { Summary } from "../../summary/summary.ts";
import { DIMENSIONS, type DimensionKey, describeWorkload } from "./dimensions.ts";

/** Options that a fixed dimension covers, or that have no effect on what is measured. */
const OTHERWISE_SAID: readonly string[] = [
  "url",
  "apiKey",
  "host",
  "port",
  "target",
  "modelAlias",
  "model",
  "hfRepo",
  "hfFile",
  "modelPathPrefix",
  "apiKeyFile",
  "headers",
  "caFile",
  "insecure",
  "litellmConfig",
  "mode",
  "workload",
  "vus",
  "rate",
  "rateStages",
  "stages",
  "trace",
  "arrivalsFunction",
  "dataset",
  "mix",
  "promptTokens",
  "outputTokens",
  "scenario",
  "llamaServerPath",
  "runnerLabel",
  "branch",
  "commit",
  "name",
  "output",
  "json",
  "quiet",
  "verbose",
  "append",
  "results",
  "repeat",
  "throughputOnly",
  "httpDebug",
  "listen",
  "readyTimeout",
  "slo",
  "require",
  "abortOn",
  "itlSamples",
  "stamps",
  "truncatedLimit",
  "allowPartial",
  "seed",
  "nPrompts",
  // The server dimension shows the name of a server command. The command itself distinguishes runs; these do not.
  "engine",
  "serverName",
  "serverReady",
  "serverStop",
  // It follows from the load.
  "maxConcurrency",
];

export interface Dimension {
  /** A key of DIMENSIONS, or of an option. */
  key: string;
  label: string;
  of: (summary: Summary) => string;
}

/** The fixed dimensions, in the order of the table. */
export function toBaseDimensions(): Dimension[] {
  return (Object.keys(DIMENSIONS) as DimensionKey[]).map((key) => ({ key, ...DIMENSIONS[key] }));
}

/** An option as a dimension. */
export function toOptionDimension(key: string): Dimension {
  const flag = ALL_OPTIONS[key]?.flag ?? key;
  return {
    key,
    label: key === "parallel" ? "slots" : flag.replaceAll("-", " "),
    of: ({ configuration }) => {
      const value = configuration.values[key] as OptionValue | undefined;
      return value === undefined ? "default" : toOptionText(value);
    },
  };
}

/** The run's name as a dimension. */
export const NAME: Dimension = { key: "name", label: "name", of: ({ run }) => run.name };

/** What a name that the user gave to a target or a workload does not say. */
const BEHIND_NAMES: readonly Dimension[] = [
  { key: "build", label: "build", of: ({ environment }) => environment?.server?.build ?? "unknown" },
  { key: "prompts", label: "prompts", of: describeWorkload },
];

/** The values of a run's dimensions, as one text. */
export function toPlaceKey(summary: Summary, dimensions: readonly Dimension[]): string {
  return JSON.stringify(dimensions.map(({ of }) => of(summary)));
}

/** The fewest further dimensions with which runs of equal values have equal options. */
export function findExtraDimensions(summaries: readonly Summary[], base: readonly Dimension[]): Dimension[] {
  const keys = [...new Set(summaries.flatMap(({ configuration }) => Object.keys(configuration.values)))];
  const candidates = [
    ...BEHIND_NAMES,
    ...keys
      .filter((key) => !OTHERWISE_SAID.includes(key))
      .map((key) => ({ ...toOptionDimension(key), key: key === "parallel" ? "slots" : key })),
    NAME,
  ];
  const found: Dimension[] = [];
  for (const candidate of candidates) {
    const values = new Map<string, string>();
    const isDistinct = summaries.some((summary) => {
      const place = toPlaceKey(summary, [...base, ...found]);
      const value = candidate.of(summary);
      const other = values.get(place);
      values.set(place, value);
      return other !== undefined && other !== value;
    });
    if (isDistinct) found.push(candidate);
  }
  return found;
}
