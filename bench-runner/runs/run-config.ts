// config.json: what a run was asked to do, and with what the server, the schedule and the prompts added to it.

import { hideUrlSecrets } from "../../lib/core/apis/url-secrets.ts";
import { hideSecretVariables } from "../config/keys.ts";
import type { LoadPlan } from "../config/load-plan.ts";
import { hideLineSecrets, hideSecretArgs } from "../config/secrets.ts";
import { toShownOrigins, toShownValues } from "../config/shown-values.ts";
import type { Plan } from "../load/run-plan.ts";
import type { CacheReset, ConfigFile, PromptsUse } from "../run-folder/run-files.ts";

/** What is known only once the server is ready. */
export interface KnownLoad {
  load: LoadPlan;
  prompts?: PromptsUse;
  /** With `--repeat`. */
  repeat?: ConfigFile["repeat"];
  promptCache?: CacheReset[];
  k6Args?: string[];
  k6Variables?: Record<string, string>;
}

/** Secrets are hidden. Pure. */
export function toConfigFile(plan: Plan, known: KnownLoad = { load: plan.load }): ConfigFile {
  const { config, server, scenario, k6, proxy } = plan;
  const { load, repeat, promptCache, prompts, k6Args, k6Variables } = known;
  return {
    schema: "server-bench/config/1",
    name: config.runner.name,
    serverStartedHere: server.kind !== "url",
    serverUrl: hideUrlSecrets(server.url),
    ...(proxy !== undefined && { proxy }),
    ...(server.kind === "command" && { serverName: server.name }),
    ...(config.modelName !== undefined && { modelName: config.modelName }),
    scenario,
    kind: load.kind,
    vus: load.clients,
    ...(load.iterations !== undefined && { iterations: load.iterations }),
    durationSeconds: load.seconds,
    // A repeat has a seed of its own, in `repeat`; this is the one that the user asked for.
    values: { ...toShownValues(config, load), seed: config.load.seed },
    origins: toShownOrigins(config, load),
    ...(repeat && { repeat }),
    ...(promptCache && { promptCache }),
    ...(prompts && { prompts }),
    commands: {
      ...(server.kind === "start" && { server: [server.program, ...hideSecretArgs(server.args)] }),
      ...(server.kind === "command" && { server: [hideLineSecrets(server.start)] }),
      ...(k6Args && { k6: [k6.path, ...k6Args] }),
      ...(k6Variables && { k6Variables: hideSecretVariables(k6Variables) }),
    },
  };
}
