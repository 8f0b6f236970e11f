// `--model all` of a server that runs already → a run for each model that it serves.
import { resolveConfig } from "../../config/config.ts";
import { ALL_OPTIONS } from "../../config/option-flags.ts";
import { toNotice } from "../../platform/context.ts";
import { describeSkipped, findServedModels } from "../../servers/discover/served-models.ts";
import { settleUrl } from "../../servers/discover/settle-url.ts";
import { waitForServers } from "../../servers/discover/wait-for-servers.ts";
import type { BatchEntry } from "./batch-file.ts";

const ALL = "all";

/** Where the name of a model may be, by option. */
const MODEL_KEYS = ["model", "modelAlias"] as const;

/** The run with this model in the place of `all`. Pure. */
export function withModel({ names, sources }: BatchEntry, model: string): BatchEntry {
  const flags = { ...sources.flags };
  const variables = { ...sources.variables };
  const file: Record<string, string> = { ...sources.file };
  for (const key of MODEL_KEYS) {
    const { flag, variable } = ALL_OPTIONS[key] ?? {};
    if (flag !== undefined && flags[flag] === ALL) flags[flag] = model;
    if (variable !== undefined && variables[variable] === ALL) variables[variable] = model;
    if (file[key] === ALL) file[key] = model;
  }
  const own = { ...names, model };
  // The name of a run of files consists of those of its parts.
  if (file.name === Object.values(names).join("-")) file.name = Object.values(own).join("-");
  return { names: own, sources: { ...sources, flags, variables, file, modelName: model } };
}

/**
 * Asks the server of each run whose model is `all`; other runs stay as they are, those of a server that is started here among
 * them.
 * @throws UserError where such a server is not ready in time, or serves no model that generates text
 */
export async function expandModels(
  entries: readonly BatchEntry[],
  say: (text: string) => void,
): Promise<BatchEntry[]> {
  const expanded: BatchEntry[] = [];
  for (const entry of entries) {
    const { target, access, runner } = entry.names.model === ALL ? resolveConfig(entry.sources) : {};
    if (target?.kind !== "url" || access === undefined || runner === undefined) {
      expanded.push(entry);
      continue;
    }
    await waitForServers([target.url], access, {
      timeoutSeconds: runner.readyTimeout,
      notice: toNotice(runner, say),
    });
    const url = await settleUrl(target.url, access);
    const { names, skipped } = await findServedModels(url, access, runner.litellmConfig);
    for (const text of describeSkipped(skipped)) say(text);
    for (const model of names) expanded.push(withModel(entry, model));
  }
  return expanded;
}
