// A scenario of the user's own: TypeScript, bundled on the fly with the settings of the project's own scenarios.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { BuildFailure, Message } from "esbuild";
import { writableCacheFolder } from "../../platform/cache-folder.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { inProject, PROJECT_ROOT } from "../../platform/project-root.ts";
import { findPackage, LARGEST_SCENARIO_BYTES, toScenarioSettings } from "../../platform/scenario-bundle.mjs";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { writeWholeFile } from "../../platform/whole-file.ts";
import { findScenario } from "./scenario-file.ts";

interface Bundle {
  /** The script, then its source map. */
  files: { name: string; contents: Uint8Array }[];
  /** Paths of its sources, from the working folder. */
  inputs: string[];
}

async function build(path: string, workingFolder: string): Promise<Bundle> {
  const settings = toScenarioSettings(inProject("dist", "parts"));
  // Imported here because most runs have no own scenario.
  const esbuild = await import("esbuild");
  try {
    const { outputFiles, metafile } = await esbuild.build({
      ...settings,
      entryPoints: [path],
      absWorkingDir: workingFolder,
      outdir: dirname(path), // nothing is written there: the source map's paths are relative to it
      write: false,
      // k6 reports exceptions by lines of the source.
      sourcemap: "linked",
      sourcesContent: false,
      alias: { "server-bench": inProject("lib", "k6", "index.ts") },
      inject: [inProject("lib", "k6", "prepare", "own-files.ts")],
      define: {
        ...settings.define,
        SCENARIO_FOLDER: JSON.stringify(dirname(path)),
        "import.meta.resolve": "resolveOwnFile",
      },
      logLevel: "silent",
    });
    const files = outputFiles.map((file) => ({ name: basename(file.path), contents: file.contents }));
    files.sort((a, b) => a.name.length - b.name.length);
    return { files, inputs: Object.keys(metafile.inputs) };
  } finally {
    await esbuild.stop(); // otherwise its process stays for the whole run
  }
}

/** Each in one step, so that a concurrent run never reads half a file. */
function writeFiles(folder: string, files: Bundle["files"]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, contents } of files) {
    writeWholeFile(join(folder, name), contents);
  }
}

/**
 * Bundles a scenario into `folder/HASH/NAME.js`. The hash is of the bundle, so that a bundle never changes: concurrent runs
 * do not disturb each other, and `calibrate` finds what its run used.
 * @param path absolute path of the source
 * @param folder absolute; created if missing
 * @returns the absolute path of the bundle
 * @throws UserError that says where in the source the fault is; nothing was written then
 */
export async function bundleScenario(path: string, folder: string): Promise<string> {
  const workingFolder = process.cwd();
  const given = relative(workingFolder, path);
  const { files, inputs } = await build(path, workingFolder).catch((error: unknown) => {
    throw toBundleError(given, error);
  });
  const name = findPackage(inputs, workingFolder, PROJECT_ROOT);
  if (name !== undefined) throw toPackageError(given, name);
  const [script] = files;
  if (script === undefined) throw new Error(`esbuild made nothing of ${path}.`);
  if (script.contents.length > LARGEST_SCENARIO_BYTES) throw toSizeError(given, script.contents.length);
  const hash = createHash("sha256");
  for (const { contents } of files) hash.update(contents);
  const target = join(folder, hash.digest("hex").slice(0, 12));
  try {
    writeFiles(target, files);
  } catch (error) {
    throw new UserError(
      `The bundle of \`${given}\` cannot be written to ${target}: ${systemReason(error)}. Name another cache folder by XDG_CACHE_HOME.`,
    );
  }
  return join(target, script.name);
}

/**
 * The script that k6 runs for the given name: a built-in scenario, a k6 script, or an own scenario, which is bundled into
 * the cache folder.
 * @returns an absolute path
 * @throws UserError
 */
export async function prepareScript(
  given: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { path, needsBundle } = findScenario(given);
  return needsBundle ? bundleScenario(path, join(writableCacheFolder(variables), "scenarios")) : path;
}

/** Shown to people who import npm packages or Node's modules. */
const POSSIBLE_IMPORTS =
  "A scenario can import its own files (by a path that begins with `./` or `../`), `k6`, `k6/…`, `server-bench` or a URL. " +
  "npm packages and Node's modules do not run in k6.";

/** "my.ts:3:7: Expected …"; esbuild counts columns from 0, editors from 1. */
function describeMessage({ location, text }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/**
 * @param given the scenario as the user named it
 * @param error what esbuild threw
 */
function toBundleError(given: string, error: unknown): UserError {
  const { errors = [] } = error as Partial<BuildFailure>;
  if (errors.length === 0) {
    const { message } = error as Error;
    return new UserError(`esbuild cannot bundle \`${given}\`: ${message}. Run \`npm run setup\`.`);
  }
  const isByName = errors.some(({ text }) => /^Could not resolve "[^./]/.test(text));
  const lines = errors.map((message) => `  ${describeMessage(message)}`);
  return new UserError(
    [`The scenario \`${given}\` cannot be bundled:`, ...lines, ...(isByName ? [POSSIBLE_IMPORTS] : [])].join(
      "\n",
    ),
    EXIT.usage,
  );
}

/** @param name of the npm package that is in the bundle */
function toPackageError(given: string, name: string): UserError {
  return new UserError(
    `The scenario \`${given}\` contains the npm package \`${name}\`, but a scenario cannot use npm packages: every k6 ` +
      "client loads the whole bundle. Copy the function that you need into your own file.",
    EXIT.usage,
  );
}

/** @param bytes size of the bundle */
function toSizeError(given: string, bytes: number): UserError {
  const size = `${(bytes / 1024).toFixed(1)} KB as a bundle, more than ${LARGEST_SCENARIO_BYTES / 1024} KB`;
  return new UserError(
    `The scenario \`${given}\` has ${size}: every k6 client loads it whole, about 15 KB of memory for each KB. ` +
      "Leave out what it does not need, and read data by `open` in a `SharedArray` instead of importing it.",
    EXIT.usage,
  );
}
