// A configuration → llama-server's command line and environment. Pure.
import { tmpdir } from "node:os";
import type { Config } from "../../config/config.ts";
import type { ModelSource } from "../../config/config-types.ts";

export interface ServerAddress {
  host: string;
  port: number;
}

function modelArgs(model: ModelSource): string[] {
  if (model.kind === "file") return ["--model", model.path];
  return ["--hf-repo", model.repo, ...(model.file === undefined ? [] : ["--hf-file", model.file])];
}

/** "--flash-attn on" is two arguments for llama-server; anything that is no flag stays whole. */
function splitFlag(arg: string): string[] {
  const [flag, rest] = arg.split(/\s+(.*)/s);
  return flag?.startsWith("-") && rest ? [flag, rest.trim()] : [arg];
}

/**
 * llama-server's arguments, without the program. The port is always given: llama-server's own default changed over time.
 * The user's own arguments come last, so that they win.
 */
export function toServerArgs(
  config: Pick<Config, "load" | "runner">,
  model: ModelSource,
  address: ServerAddress,
): string[] {
  const { load, runner } = config;
  const numbers: [string, number | string | undefined][] = [
    ["--ctx-size", runner.ctxSize],
    ["--batch-size", runner.batchSize],
    ["--ubatch-size", runner.ubatchSize],
    ["--n-gpu-layers", runner.nGpuLayers],
  ];
  return [
    ...modelArgs(model),
    ...["--alias", load.modelAlias],
    ...["--host", address.host, "--port", String(address.port)],
    "--metrics",
    ...["--parallel", String(runner.parallel)],
    ...numbers.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)])),
    ...(runner.llamaServerArgs ?? []).flatMap(splitFlag),
  ];
}

/** Variables that llama-server gets in addition to the user's own. @param folder absolute path of `--model-path-prefix` */
export function toServerVariables(folder: string | undefined): Record<string, string> {
  return folder === undefined ? {} : { LLAMA_CACHE: folder };
}

export const CACHE_RAM_VARIABLE = "LLAMA_ARG_CACHE_RAM";
const SLOTS_VARIABLE = "LLAMA_ARG_SLOT_SAVE_PATH";

/**
 * Variables by which requests can empty the prompt cache of a llama-server that gets several loads: it erases slots only with
 * a folder for saving them, and its cache in host memory, which nothing empties, is off. Variables, because a version without
 * such an option ignores them. Conversations keep that cache: their later turns need it.
 * @param args those of llama-server: the user's own win
 * @param around the runner's environment: so do its variables
 */
export function toCacheVariables(
  { load }: Pick<Config, "load">,
  args: readonly string[],
  around: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const isOpen = (variable: string, flags: readonly string[]) =>
    around[variable] === undefined && !args.some((arg) => flags.includes(arg.split("=")[0] as string));
  return {
    ...(isOpen(SLOTS_VARIABLE, ["--slot-save-path"]) && { [SLOTS_VARIABLE]: tmpdir() }),
    ...(load.maxTurns === 1 &&
      isOpen(CACHE_RAM_VARIABLE, ["--cache-ram", "-cram"]) && { [CACHE_RAM_VARIABLE]: "0" }),
  };
}

/** Where a client on this machine reaches a server that listens on `host`. */
export function toServerUrl({ host, port }: ServerAddress): string {
  const reachable = host === "0.0.0.0" || host === "" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
