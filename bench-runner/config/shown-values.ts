// Every value of a run by its option's key, secrets replaced: for config.json and the terminal. Pure.

import { hideUrlSecrets, hideUrlsIn } from "../../lib/core/apis/url-secrets.ts";
import type { OptionValue } from "../../lib/core/options/option.ts";
import { SHAPE_OPTIONS, type ShapeKey } from "../../lib/core/options/shape-options.ts";
import { SHAPE_KEYS, uselessFor } from "../../lib/core/options/shapes.ts";
import type { ConfigOrigin } from "../run-folder/run-files.ts";
import type { Config } from "./config.ts";
import { type LoadPlan, planLoad } from "./load-plan.ts";
import { ALL_OPTIONS } from "./option-flags.ts";
import { HIDDEN, hideLineSecrets, hideSecretArgs } from "./secrets.ts";

/** Options that are shell lines, or parts of one. */
const LINES: readonly string[] = ["serverCommand", "serverStop", "engineArgs", "k6Out"];

function hideSecrets(key: string, value: OptionValue): OptionValue {
  if (Array.isArray(value)) {
    const words = value as readonly string[];
    if (key === "llamaServerArgs") return hideSecretArgs(words);
    return words.map((word) => hideSecrets(key, word)) as readonly string[];
  }
  if (typeof value !== "string") return value;
  if (key === "url" || key === "ab") return hideUrlSecrets(value);
  return LINES.includes(key) ? hideLineSecrets(value) : hideUrlsIn(value);
}

/** @param plan what the run knows of its load so far */
export function toShownValues(
  config: Config,
  plan: LoadPlan = planLoad(config),
): Record<string, OptionValue> {
  const shown: Record<string, OptionValue> = {};
  const values: Record<string, OptionValue | undefined> = {
    ...plan.options,
    ...config.shape,
    ...config.runner,
  };
  // A default that does not affect this load is not shown.
  const unused: readonly string[] = [
    ...Object.keys(SHAPE_OPTIONS).filter((key) => !SHAPE_KEYS[config.kind].includes(key as ShapeKey)),
    ...uselessFor(config.given),
    ...(config.kind === "open" ? ["sleep"] : []),
  ];
  for (const [key, spec] of Object.entries(ALL_OPTIONS)) {
    const value = values[key];
    if (unused.includes(key)) continue;
    // The address of a server that is started here is not what `--url` says.
    if (value === undefined || (key === "url" && config.target.kind !== "url")) continue;
    shown[key] = "secret" in spec && spec.secret ? HIDDEN : hideSecrets(key, value);
  }
  if (config.kind !== "open") shown.vus = plan.clients;
  if (plan.iterations !== undefined) shown.iterations = plan.iterations;
  if (config.workloadName !== undefined) shown.workload = config.workloadName;
  return shown;
}

/** Where each value came from. */
export function toShownOrigins(config: Config, plan: LoadPlan): Record<string, ConfigOrigin> {
  const isCounted = plan.options.nPrompts !== undefined && config.load.nPrompts === undefined;
  const isFromDataset = plan.options.outputTokens !== undefined && config.load.outputTokens === undefined;
  return {
    ...config.origins,
    ...(plan.isModelFromServer && { modelAlias: "server" }),
    ...(isCounted && { nPrompts: "derived" }),
    ...(isFromDataset && { outputTokens: "derived", outputLength: "derived" }),
  };
}
