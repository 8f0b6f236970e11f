// A Python environment in a folder, at pinned versions, installed once at low CPU priority: of a server, or of a peer.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { toReason } from "./peers/process-group.ts";

const LONGEST_MS = 1_800_000;

export interface PythonPackages {
  /** Gets the environment. */
  folder: string;
  /** `name==version` each. */
  requirements: readonly string[];
  /** Replace what packages themselves demand. */
  overrides?: readonly string[];
}

/** @returns the folder of its programs @throws UserError with the reason where it cannot be installed */
export async function installPackages(packages: PythonPackages): Promise<string> {
  const folder = join(packages.folder, "venv");
  const programs = join(folder, "bin");
  const done = join(folder, "installed.txt");
  const { requirements, overrides = [] } = packages;
  const wanted = [...requirements, ...overrides].join("\n");
  if (existsSync(done) && readFileSync(done, "utf8") === wanted) return programs;
  mkdirSync(packages.folder, { recursive: true });
  await call("python3", ["-m", "venv", folder]);
  // Resolving hundreds of packages takes pip minutes, uv a second.
  await call(join(programs, "pip"), ["install", "--quiet", "--no-input", "uv"]);
  const overridesFile = join(folder, "overrides.txt");
  writeFileSync(overridesFile, `${overrides.join("\n")}\n`);
  const options = ["--quiet", "--python", join(programs, "python"), "--override", overridesFile];
  await call(join(programs, "uv"), ["pip", "install", ...options, ...requirements]);
  writeFileSync(done, wanted);
  return programs;
}

/** Runs a short script of an environment. @throws UserError */
export async function runPython(programs: string, script: string): Promise<string> {
  return call(join(programs, "python"), ["-c", script]);
}

async function call(program: string, args: readonly string[]): Promise<string> {
  const { failed, stdout, all, message } = await execa("nice", ["-n", "19", program, ...args], {
    ...{ all: true, reject: false, stdin: "ignore", timeout: LONGEST_MS },
  });
  if (failed) throw new UserError(`is not installed: ${toReason(all || String(message))}`);
  return stdout;
}
