// Bundles the scenarios for k6 and the runner for Node: scenarios/NAME.ts → dist/NAME.js,
// what not every k6 client needs → dist/parts/NAME.js, bench-runner → dist/bench-runner.mjs.
//
// Every k6 client loads the whole scenario bundle, so its size is memory: no npm package enters one, and it has a limit.
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const LARGEST_SCENARIO_BYTES = 12 * 1024;
/** A part is loaded by one client, not by all: its limit only keeps schema libraries and the like out. */
const LARGEST_PART_BYTES = 24 * 1024;

const root = dirname(fileURLToPath(import.meta.url));
const shared = { absWorkingDir: root, bundle: true, format: "esm", metafile: true, logLevel: "error" };

/** Size of each bundle that a build wrote, by its path from the project's root. */
function sizes(result) {
  return Object.entries(result.metafile.outputs).map(([path, { bytes, inputs }]) => ({
    path,
    bytes,
    packages: Object.keys(inputs).filter((input) => input.includes("node_modules/")),
  }));
}

async function buildScenarios() {
  const scenarios = readdirSync(`${root}/scenarios`).filter((name) => name.endsWith(".ts"));
  const parts = readdirSync(`${root}/lib/k6/parts`);
  const result = await build({
    ...shared,
    entryPoints: [
      ...scenarios.map((name) => ({ in: `scenarios/${name}`, out: basename(name, ".ts") })),
      ...parts.map((name) => ({ in: `lib/k6/parts/${name}`, out: `parts/${basename(name, ".ts")}` })),
    ],
    outdir: "dist",
    platform: "browser",
    target: "es2022",
    external: ["k6", "k6/*"],
    minify: true,
  });
  for (const { path, bytes, packages } of sizes(result)) {
    console.log(`${path}  ${(bytes / 1024).toFixed(1)} KB`);
    if (packages.length > 0) {
      throw new Error(
        `${path} contains ${packages[0]}: a scenario cannot use npm packages, every k6 client loads it.`,
      );
    }
    const limit = path.startsWith("dist/parts/") ? LARGEST_PART_BYTES : LARGEST_SCENARIO_BYTES;
    if (bytes > limit) throw new Error(`${path} has ${bytes} bytes, more than ${limit}: k6 clients load it.`);
  }
}

async function buildRunner() {
  const entry = "bench-runner/main.ts";
  if (!existsSync(`${root}/${entry}`)) {
    console.log(`${entry} is not there: the runner is not built.`);
    return;
  }
  const result = await build({
    ...shared,
    entryPoints: { "bench-runner": entry },
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node22.12",
    // CommonJS packages inside an ES module still call require for Node's own modules.
    banner: {
      js: 'import { createRequire as _createRequire } from "node:module"; const require = _createRequire(import.meta.url);',
    },
  });
  for (const { path, bytes } of sizes(result)) console.log(`${path}  ${(bytes / 1024).toFixed(0)} KB`);
}

try {
  await Promise.all([buildScenarios(), buildRunner()]);
} catch (error) {
  // What esbuild finds wrong it has printed already.
  if (error.errors === undefined) console.error(error.message);
  process.exitCode = 1;
}
