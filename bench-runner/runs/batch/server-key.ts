// Whether two runs can share a server that is started here: what such a server is started with. Pure.
import type { Config } from "../../config/config.ts";

const OF_SERVER = [
  ...["host", "port", "parallel", "ctxSize", "batchSize", "ubatchSize", "nGpuLayers"],
  ...["llamaServerArgs", "llamaServerPath", "modelPathPrefix", "model", "readyTimeout"],
] as const;

/** Equal for runs that one server serves; undefined for a server that runs already. */
export function toServerKey({ target, runner, load }: Config): string | undefined {
  if (target.kind === "url") return undefined;
  const values: Readonly<Record<string, unknown>> = runner;
  return JSON.stringify([
    target,
    ...OF_SERVER.map((key) => values[key] ?? null),
    load.modelAlias,
    load.apiKey ?? null,
  ]);
}
