// Finds the programs that a run needs: llama-server and the k6 binary with the extension.

import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import type { Variables } from "./context.ts";
import { askK6 } from "./launcher.ts";
import { inProject } from "./project-root.ts";
import { systemReason, UserError } from "./user-error.ts";

const SUFFIX = process.platform === "win32" ? ".exe" : "";

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The first executable of that name on PATH. */
function findOnPath(name: string, variables: Variables): string | undefined {
  return (variables.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, `${name}${SUFFIX}`))
    .find(isProgram);
}

/** What setup fetched into the user's cache folder; empty if setup has not run. */
export function readInstalled(variables: Variables): { llamaServer?: string; model?: string } {
  try {
    const text = readFileSync(join(cacheFolder(variables), "installed.json"), "utf8");
    return JSON.parse(text) as { llamaServer?: string; model?: string };
  } catch {
    return {};
  }
}

function checkGivenProgram(path: string, variable: string): string {
  const absolute = resolve(path);
  if (isProgram(absolute)) return absolute;
  let reason = "it is not an executable file";
  try {
    accessSync(absolute, constants.F_OK);
  } catch (error) {
    reason = systemReason(error);
  }
  throw new UserError(`\`${variable}\` names \`${path}\`, but ${reason}. Give the path of the program.`);
}

/**
 * llama-server: LLAMA_SERVER_BIN_PATH, PATH, then what setup fetched.
 * @throws UserError
 */
export function findLlamaServer(given: string | undefined, variables: Variables): string {
  if (given !== undefined) return checkGivenProgram(given, "LLAMA_SERVER_BIN_PATH");
  const onPath = findOnPath("llama-server", variables);
  if (onPath !== undefined) return onPath;
  const { llamaServer } = readInstalled(variables);
  if (llamaServer !== undefined && isProgram(llamaServer)) return llamaServer;
  throw new UserError(
    "llama-server was not found on PATH. Install llama.cpp and put llama-server on PATH, or set `LLAMA_SERVER_BIN_PATH`; " +
      "`npm run setup` fetches one; `--url` measures a server that is already running.",
  );
}

/**
 * Our extension in the output of `k6 version`, by its Go module: the community extension has the same name `k6/x/sse`.
 * @returns its version, "" if the build has none; undefined if it is not built in. Pure.
 */
export function findExtension(versionOutput: string): string | undefined {
  const line = versionOutput.split("\n").find((text) => text.includes("server-bench/xk6-sse"));
  return line === undefined ? undefined : (/xk6-sse\S*\s+([^\s,]+),/.exec(line)?.[1] ?? "");
}

export interface K6Program {
  path: string;
  version: string;
  /** Absent if the build has none. */
  extension?: string;
}

/**
 * k6 with our extension: BENCH_K6_BIN_PATH, then bin/k6 of this project.
 * @throws UserError when it is missing, does not start, or lacks the extension
 */
export async function findK6(given: string | undefined): Promise<K6Program> {
  const own = inProject("bin", `k6${SUFFIX}`);
  const path = given === undefined ? own : checkGivenProgram(given, "BENCH_K6_BIN_PATH");
  if (!isProgram(path)) {
    throw new UserError(
      `The k6 binary with the SSE extension is missing (${path}). Run \`npm run setup\` in ${inProject()} to build it, or set \`BENCH_K6_BIN_PATH\`.`,
    );
  }
  const { shown, versions } = await askK6(path);
  // What has a launcher has the extension.
  if (versions !== undefined) return { path, ...versions };
  if (shown.exitCode !== 0) {
    throw new UserError(
      `\`${path} version\` failed (${shown.startError ?? `exit code ${shown.exitCode ?? "none"}`}). ` +
        "Run `npm run setup` to rebuild k6, or set `BENCH_K6_BIN_PATH` to one that runs.",
    );
  }
  const extension = findExtension(shown.stdout);
  if (extension === undefined) {
    throw new UserError(
      `The k6 at ${path} does not have this project's extension k6/x/sse, so it cannot record token streams. ` +
        "Run `npm run setup` to build one that does, and unset `BENCH_K6_BIN_PATH`.",
    );
  }
  const version = /v\d+\.\d+\.\d+\S*/.exec(shown.stdout)?.[0] ?? "unknown version";
  return { path, version, ...(extension !== "" && { extension }) };
}
