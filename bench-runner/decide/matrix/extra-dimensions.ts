// Options that tell runs apart which are otherwise alike: runs of different options are no repeats of each other.
import type { OptionValue } from "../../../lib/core/options/option.ts";
import { ALL_OPTIONS, toOptionText } from "../../config/option-flags.ts";
import type { Summary } from "../../summary/summary.ts";
import { DIMENSIONS, type DimensionKey } from "./dimensions.ts";

/** The dimensions above say these, or they change nothing of what is measured. */
const OTHERWISE_SAID: readonly string[] = [
  ...["url", "apiKey", "host", "port", "modelAlias", "model", "hfRepo", "hfFile", "modelPathPrefix"],
  ...["apiKeyFile", "headers", "caFile", "insecure", "litellmConfig"],
  ...[
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
  ],
  ...[
    "promptTokens",
    "outputTokens",
    "scenario",
    "llamaServerPath",
    "runnerLabel",
    "branch",
    "commit",
    "name",
  ],
  ...["output", "json", "quiet", "append", "repeat", "throughputOnly", "httpDebug", "listen", "readyTimeout"],
  ...["slo", "require", "abortOn", "itlSamples", "truncatedLimit", "allowPartial", "seed", "nPrompts"],
  // Of a server's command the dimension says its name; what the command is tells runs apart, as these do not.
  ...["engine", "serverName", "serverReady", "serverStop"],
  // How many requests there are at most follows from the load.
  ...["maxConcurrency"],
];

export interface Dimension {
  /** Of DIMENSIONS, or of an option. */
  key: string;
  label: string;
  of: (summary: Summary) => string;
}

/** Those that are always there, in the order of the table. */
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

/** The run's name as one. */
export const NAME: Dimension = { key: "name", label: "name", of: ({ run }) => run.name };

/** The place of a run among the others, as one text. */
export function toPlaceKey(summary: Summary, dimensions: readonly Dimension[]): string {
  return JSON.stringify(dimensions.map(({ of }) => of(summary)));
}

/** As many further dimensions as it takes until runs of one place differ in nothing that was asked for. */
export function findExtraDimensions(summaries: readonly Summary[], base: readonly Dimension[]): Dimension[] {
  const keys = [...new Set(summaries.flatMap(({ configuration }) => Object.keys(configuration.values)))];
  const candidates = [
    ...keys
      .filter((key) => !OTHERWISE_SAID.includes(key))
      .map((key) => ({ ...toOptionDimension(key), key: key === "parallel" ? "slots" : key })),
    NAME,
  ];
  const found: Dimension[] = [];
  for (const candidate of candidates) {
    const values = new Map<string, string>();
    const tellsApart = summaries.some((summary) => {
      const place = toPlaceKey(summary, [...base, ...found]);
      const value = candidate.of(summary);
      const other = values.get(place);
      values.set(place, value);
      return other !== undefined && other !== value;
    });
    if (tellsApart) found.push(candidate);
  }
  return found;
}
