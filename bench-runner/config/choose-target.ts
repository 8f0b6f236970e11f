// Which server a run measures, of all that options, variables and files name. Pure.
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import type { ConfigOrigin } from "../run-folder/run-files.ts";
import { checkCommand, toCommandTarget } from "./command-target.ts";
import type { ConfigSources, ModelSource, RunnerValues, Target } from "./config-types.ts";

const usageError = (message: string) => new UserError(message, EXIT.usage);

/**
 * A flag wins over a variable, a variable over a file; of two that are given in the same way, neither does.
 * @throws UserError
 */
export function chooseTarget(
  load: LoadOptions,
  runner: RunnerValues,
  origins: Record<string, ConfigOrigin>,
  { fallbackModel, command }: Pick<ConfigSources, "fallbackModel" | "command">,
): Target {
  const hasCommand = (runner.serverCommand ?? runner.engine ?? command) !== undefined;
  for (const origin of ["flag", "variable", "file"] as const) {
    const isFrom = (key: string) => origins[key] === origin;
    if (isFrom("url") && isFrom("hfRepo")) {
      throw usageError(
        "Expected either `--url` (a server that already runs) or `--hf-repo` (a server to start), got both. Leave one out.",
      );
    }
    if (isFrom("model") && isFrom("hfRepo")) {
      throw usageError(
        "Expected either `--model` (a file) or `--hf-repo` (a download), got both. Leave one out.",
      );
    }
    const other = (["url", "hfRepo", "model"] as const).find(isFrom);
    if (isFrom("ab") && other !== undefined && other !== "model") {
      throw usageError(
        "Expected either `--ab` (two servers that already run) or one server, got both. Leave one out.",
      );
    }
    const [url, secondUrl] = isFrom("ab") ? (load.ab ?? []) : [];
    if (url !== undefined && secondUrl !== undefined) return { kind: "url", url, secondUrl };
    if (isFrom("serverCommand") || isFrom("engine")) {
      if (isFrom("hfRepo")) {
        throw usageError("`--hf-repo` is for llama-server. With another server name its model by `--model`.");
      }
      return toCommandTarget(runner, isFrom("url") ? load.url : undefined);
    }
    if (isFrom("url")) return { kind: "url", url: load.url };
    if (isFrom("hfRepo")) return { kind: "start", model: toHubModel(runner) };
    // With a command it is the command's own.
    if (isFrom("model") && !hasCommand) {
      return { kind: "start", model: { kind: "file", path: runner.model as string } };
    }
  }
  if (command !== undefined) {
    checkCommand(command, runner.model, "The server's command");
    return { kind: "command", ...command };
  }
  if (runner.hfFile !== undefined) {
    throw usageError(
      "`--hf-file` names a file in a repository: add `--hf-repo OWNER/NAME`, or give a local file with `--model`.",
    );
  }
  if (fallbackModel === undefined) {
    throw usageError(
      "Nothing to measure: give `--model FILE.gguf` or `--hf-repo OWNER/NAME` to start llama-server, `--engine` or `--server-command` " +
        "for another server, or `--url http://HOST:PORT` for one that already runs. `npm start` does a first run with a small model.",
    );
  }
  return { kind: "start", model: { kind: "file", path: fallbackModel } };
}

function toHubModel(runner: RunnerValues): ModelSource {
  const repo = runner.hfRepo as string;
  return { kind: "hub", repo, ...(runner.hfFile !== undefined && { file: runner.hfFile }) };
}
