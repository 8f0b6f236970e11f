// Bundles the scenarios for k6 and the runner for Node: scenarios/NAME.ts → dist/NAME.js, scenarios/tools → dist/tools
// (for the runner's commands), code that only some k6 clients need → dist/parts/NAME.js, bench-runner →
// dist/bench-runner.mjs and dist/chunks, the scripts and styles of report.html, of pages of charts and of the live page →
// dist/page.
//
// bench-runner/platform/scenario-bundle.mjs defines what a scenario's bundle must be.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { findPackage, toScenarioSettings } from "./bench-runner/platform/scenario-bundle.mjs";

/** Every client loads its scenario. */
const LARGEST_SCENARIO_BYTES = 9 * 1024;
/** Clients of some runs load these parts. */
const LARGEST_PART_BYTES = 32 * 1024;
/** One client of a run loads these parts: the limit only keeps schema libraries and the like out. */
const LARGEST_SINGLE_BYTES = 64 * 1024;
const OF_ONE_CLIENT = ["prepare", "dataset"];
/** Every page contains its script. */
const LARGEST_PAGE_BYTES = 900 * 1024;
/** Longer than a run takes. */
const CHUNKS_KEPT_MS = 7 * 86_400_000;
/** The live page draws without a library. */
const LARGEST_LIVE_BYTES = 16 * 1024;

const root = dirname(fileURLToPath(import.meta.url));
const shared = { absWorkingDir: root, bundle: true, format: "esm", metafile: true, logLevel: "error" };

/** Size of each bundle that a build wrote, by its path from the project's root. */
function sizes(result) {
  return Object.entries(result.metafile.outputs).map(([path, { bytes, inputs }]) => ({
    path,
    bytes,
    packageName: findPackage(Object.keys(inputs), root, root),
  }));
}

/** Prints what a build wrote. @throws Error if a bundle is larger than its limit */
function report(result, limit, reason) {
  for (const { path, bytes } of sizes(result)) {
    console.log(`${path}  ${(bytes / 1024).toFixed(1)} KB`);
    if (bytes > limit) throw new Error(`${path} has ${bytes} bytes, more than ${limit}: ${reason}.`);
  }
}

/** The entry points of a folder: all its TypeScript files. */
function filesOf(folder) {
  const names = readdirSync(`${root}/${folder}`).filter((name) => name.endsWith(".ts"));
  return names.map((name) => ({ in: `${folder}/${name}`, out: basename(name, ".ts") }));
}

/** The entry points of the bodies of server APIs: lib/core/apis/NAME/body.ts → body-NAME. */
function bodiesOfApis() {
  const folder = "lib/core/apis";
  return readdirSync(`${root}/${folder}`)
    .filter((name) => existsSync(`${root}/${folder}/${name}/body.ts`))
    .map((name) => ({ in: `${folder}/${name}/body.ts`, out: `body-${name}` }));
}

/**
 * Bundles each entry point separately.
 * @param partsFolder see toScenarioSettings
 * @param limitOf the largest size in bytes, by the bundle's name
 */
async function buildForK6({ entryPoints, outdir, partsFolder, limitOf }) {
  const result = await build({
    ...shared,
    ...toScenarioSettings(partsFolder),
    entryPoints,
    outdir,
  });
  for (const { path, bytes, packageName } of sizes(result)) {
    console.log(`${path}  ${(bytes / 1024).toFixed(1)} KB`);
    if (packageName !== undefined) {
      throw new Error(
        `${path} contains ${packageName}: a scenario cannot use npm packages, every k6 client loads it.`,
      );
    }
    const limit = limitOf(basename(path, ".js"));
    if (bytes > limit) throw new Error(`${path} has ${bytes} bytes, more than ${limit}: k6 clients load it.`);
  }
}

async function buildRunner() {
  const entry = "bench-runner/main.ts";
  if (!existsSync(`${root}/${entry}`)) {
    console.log(`${entry} does not exist: the runner is not built.`);
    return;
  }
  const result = await build({
    ...shared,
    entryPoints: { "bench-runner": entry },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    // What a command alone needs is loaded when it runs: half of a short run's start was other commands' packages.
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    target: "node22.12",
    // esbuild cannot be bundled: it ships a native binary. The runner loads it for users' own scenarios.
    external: ["esbuild"],
    // CommonJS packages inside an ES module still call require for Node's own modules.
    banner: {
      js: 'import { createRequire as _createRequire } from "node:module"; const require = _createRequire(import.meta.url);',
    },
  });
  const written = sizes(result);
  const bytes = written.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`dist/bench-runner.mjs and ${written.length - 1} chunks  ${(bytes / 1024).toFixed(0)} KB`);
  removeOldChunks(new Set(written.map(({ path }) => basename(path))));
}

/** Chunks of earlier builds: a run that started before this build still loads its own, so recent ones stay. */
function removeOldChunks(written) {
  for (const name of readdirSync(`${root}/dist/chunks`)) {
    const path = `${root}/dist/chunks/${name}`;
    if (!written.has(name) && Date.now() - statSync(path).mtimeMs > CHUNKS_KEPT_MS) rmSync(path);
  }
}

/** What goes into report.html and into pages of charts as it is: a script of one piece each, without imports. */
async function buildChartPages() {
  const folder = "bench-runner/outputs/charts";
  const result = await build({
    ...shared,
    entryPoints: {
      report: `${folder}/report-script.ts`,
      "chart-page": `${folder}/chart-page-script.ts`,
      "report-style": `${folder}/report.css`,
    },
    outdir: "dist/page",
    platform: "browser",
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "none",
    // Sharing a report redistributes these packages.
    banner: { js: "/*! Contains Apache ECharts (Apache-2.0) and zrender (BSD-3-Clause). */" },
  });
  report(result, LARGEST_PAGE_BYTES, "every page carries it");
}

/** What goes into the page of `--listen` as it is. */
async function buildLivePage() {
  const folder = "bench-runner/outputs/live/page";
  const result = await build({
    ...shared,
    entryPoints: { live: `${folder}/live-page-script.ts`, "live-style": `${folder}/live.css` },
    outdir: "dist/page",
    platform: "browser",
    format: "iife",
    target: "es2022",
    minify: true,
  });
  report(result, LARGEST_LIVE_BYTES, "the live page carries it");
}

try {
  await Promise.all([
    buildForK6({
      entryPoints: filesOf("scenarios"),
      outdir: "dist",
      partsFolder: "./parts",
      limitOf: () => LARGEST_SCENARIO_BYTES,
    }),
    buildForK6({
      entryPoints: filesOf("scenarios/tools"),
      outdir: "dist/tools",
      partsFolder: "../parts",
      limitOf: () => LARGEST_SCENARIO_BYTES,
    }),
    buildForK6({
      entryPoints: [...filesOf("lib/k6/parts"), ...bodiesOfApis()],
      outdir: "dist/parts",
      partsFolder: ".",
      limitOf: (name) => (OF_ONE_CLIENT.includes(name) ? LARGEST_SINGLE_BYTES : LARGEST_PART_BYTES),
    }),
    buildRunner(),
    buildChartPages(),
    buildLivePage(),
  ]);
} catch (error) {
  // esbuild has already printed its own errors.
  if (error.errors === undefined) console.error(error.message);
  process.exitCode = 1;
}
