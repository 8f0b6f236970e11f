// Which server a run of the files has: who starts it, with which command, and how it learns of its model. Pure.
import type { ServerCommand } from "../server-command.ts";
import type { TargetCommand, TargetEntry } from "./config-set.ts";
import { type PlacedText, withVariables } from "./option-text.ts";

type Texts = Readonly<Record<string, string | undefined>>;

/** A server that runs already, or who starts it. */
export type ServerOrigin = "url" | "command" | "llama-server";

export function findServerOrigin(
  target: TargetEntry | undefined,
  file: Texts,
  isGiven: (key: string) => boolean,
): ServerOrigin {
  const isThere = (key: string) => file[key] !== undefined || isGiven(key);
  if (target?.command !== undefined || isThere("serverCommand") || isThere("engine")) return "command";
  return isThere("url") || isThere("ab") ? "url" : "llama-server";
}

/** A running server is asked for its model by name; one that a command starts may get the model to load. */
export function nameModel(file: Record<string, string>, name: string, server: ServerOrigin): void {
  if (server === "url") {
    // What llama-server would load means nothing to it.
    for (const key of ["model", "hfRepo", "hfFile"]) delete file[key];
    file.modelAlias ??= name;
  } else if (server === "command") {
    for (const key of ["hfRepo", "hfFile"]) delete file[key];
    file.model ??= file.modelAlias ?? name;
  }
}

/** The lines stay as they are: variables in them are the shell's business. */
export function toServerCommand(
  { start, stop, readyPath, readyTimeoutSeconds, env }: TargetCommand,
  name: string,
  variables: Texts,
): ServerCommand {
  const toText = (placed: PlacedText) => withVariables(placed, variables);
  const ready = {
    ...(readyPath && { path: toText(readyPath) }),
    ...(readyTimeoutSeconds !== undefined && { timeoutSeconds: readyTimeoutSeconds }),
  };
  const own = Object.fromEntries(Object.entries(env).map(([key, placed]) => [key, toText(placed)]));
  return {
    start: start.text,
    name,
    ...(stop && { stop: stop.text }),
    ...(Object.keys(ready).length > 0 && { ready }),
    ...(Object.keys(own).length > 0 && { env: own }),
  };
}
