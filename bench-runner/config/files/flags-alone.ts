// What files say of one run as flags and variables alone: for commands that know no files. Pure.
import { ALL_OPTIONS } from "../option-flags.ts";
import type { AskedRun } from "./compose-run.ts";

/** Flags about the files themselves, which have been read. */
const READ = ["config", "target"];

export function toFlagsAlone({ flags, variables, file, command }: AskedRun): {
  flags: Record<string, string>;
  variables: Record<string, string | undefined>;
} {
  const texts: Record<string, string> = { ...flags };
  const all: Record<string, string | undefined> = { ...variables };
  for (const key of READ) delete texts[key];
  for (const [key, text] of Object.entries({ ...file, ...toCommandOptions(command) })) {
    const { flag, variable, secret } = ALL_OPTIONS[key] ?? {};
    const isThere = (flag && texts[flag]) ?? (variable && (all[variable] || undefined));
    if (isThere !== undefined || READ.includes(key)) continue;
    // A secret never becomes a flag: those are shown, and kept in files.
    if (secret && variable !== undefined) all[variable] = text;
    else if (flag !== undefined) texts[flag] = text;
  }
  return { flags: texts, variables: all };
}

function toCommandOptions(command: AskedRun["command"]): Record<string, string> {
  if (command === undefined) return {};
  const { url, start, stop, ready, env, name } = command;
  return {
    serverCommand: start,
    ...(url !== undefined && { url }),
    ...(stop !== undefined && { serverStop: stop }),
    ...(ready?.path !== undefined && { serverReady: ready.path }),
    ...(ready?.timeoutSeconds !== undefined && { readyTimeout: String(ready.timeoutSeconds) }),
    ...(env && { serverEnv: JSON.stringify(Object.entries(env).map(([key, value]) => `${key}=${value}`)) }),
    ...(name !== undefined && { serverName: name }),
  };
}
