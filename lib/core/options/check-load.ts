// Options of a load that contradict each other, or that have no effect without another one.

import { OptionError } from "../option-error.ts";
import { checkAb } from "../plans/ab.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import type { OptionSpec } from "./option.ts";
import { LOAD_OPTIONS, type LoadOptions } from "./options.ts";
import { SHAPE_OPTIONS, type ShapeOptions } from "./shape-options.ts";

type LoadKey = keyof LoadOptions;

const flagOf = (key: LoadKey) =>
  `\`--${(LOAD_OPTIONS[key] as { flag: string }).flag}\` (${LOAD_OPTIONS[key].variable})`;

/** Options that have no effect without another one: [option, what it needs, how to give that]. */
const NEEDS: readonly (readonly [LoadKey, (load: LoadOptions) => boolean, string])[] = [
  ["prefixTokens", (load) => load.promptTokens !== undefined, "`--prompt-tokens`"],
  ["prefixGroups", (load) => load.prefixTokens !== undefined, "`--prefix-tokens`"],
  ["outputLength", (load) => load.outputTokens !== undefined, "`--output-tokens`"],
  ["history", (load) => load.maxTurns > 1, "`--max-turns` above 1"],
  ["thinkTime", (load) => load.maxTurns > 1, "`--max-turns` above 1"],
];

/** Pairs that exclude each other: [option, the other one, why]. */
const CLASHES: readonly (readonly [LoadKey, LoadKey, string])[] = [
  ["promptTokens", "dataset", "prompts are either synthetic or from a dataset"],
  ["promptTokens", "mix", "prompts are either synthetic or from datasets"],
  ["promptTokens", "promptType", "synthetic prompts have the length that `--prompt-tokens` gives"],
  ["systemPromptFile", "systemPrompt", "both set the system message"],
];

/** @throws OptionError for the first contradiction */
export function checkLoad(load: LoadOptions, shape: Pick<ShapeOptions, "trace">): void {
  checkAb(load.ab);
  if (load.ab !== undefined && shape.trace !== undefined) {
    throw new OptionError(
      `\`--ab\` (${LOAD_OPTIONS.ab.variable}) sends every prompt twice, \`--trace\` each once: leave one of them out.`,
    );
  }
  // A value that equals the default changes nothing, so it contradicts nothing either.
  const isGiven = (key: LoadKey) =>
    load[key] !== undefined && load[key] !== (LOAD_OPTIONS[key] as OptionSpec).default;
  for (const [key, isThere, remedy] of NEEDS) {
    if (isGiven(key) && !isThere(load)) {
      throw new OptionError(`${flagOf(key)} has no effect without ${remedy}: add that, or leave it out.`);
    }
  }
  for (const [key, other, why] of CLASHES) {
    if (isGiven(key) && isGiven(other)) {
      throw new OptionError(`${flagOf(key)} and ${flagOf(other)}: ${why}. Leave one of them out.`);
    }
  }
  const made = (["promptTokens", "outputTokens", "mix"] as const).find(isGiven);
  if (shape.trace !== undefined && (made !== undefined || load.maxTurns > 1)) {
    throw new OptionError(
      `\`--trace\` (${SHAPE_OPTIONS.trace.variable}) sets the lengths of prompts and answers: leave ${flagOf(made ?? "maxTurns")} out.`,
    );
  }
  if (load.mode === "sync" && load.abortAfterTokens !== undefined) {
    throw new OptionError(
      `${flagOf("abortAfterTokens")} needs a stream: use \`--abort-after-ms\`, or leave \`--mode sync\` out.`,
    );
  }
  checkEndpoint(load, shape);
  if (load.promptTokens !== undefined && load.history === "dataset" && load.maxTurns > 1) {
    throw new OptionError("`--history dataset`: synthetic prompts have no answers. Use `--history real`.");
  }
}
