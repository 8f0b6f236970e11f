// How a scenario becomes one file for k6, the project's own (build.mjs) and those of its users (own-scenario.ts) alike.
//
// Every k6 client loads the whole bundle, so its size is memory: no npm package enters one, and it has a limit. Plain
// JavaScript, since build.mjs reads it before anything is built.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The limit for scenarios of users; the project's own are smaller. */
export const LARGEST_SCENARIO_BYTES = 12 * 1024;

/** What people read of an option, a line of its own: k6 shows none of it. */
const OPTION_TEXT = /^\s*(?:text|brief):\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'),$/gm;

/** Leaves the texts of the option tables out, a quarter of what the first client loads. */
const withoutOptionTexts = {
  name: "option-texts",
  setup(build) {
    build.onLoad({ filter: /[\\/]lib[\\/]core[\\/]options[\\/](shape-)?options\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(OPTION_TEXT, ""),
      loader: "ts",
    }));
  },
};

/**
 * esbuild's settings, all but what goes in and where it goes to.
 * @param partsFolder where the bundle finds dist/parts when it runs: relative to itself ("./parts"), or absolute
 */
export function toScenarioSettings(partsFolder) {
  return {
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["k6", "k6/*"],
    minify: true,
    metafile: true,
    // K6_BUNDLE: lib/core/request/metrics.ts leaves out what only people read.
    plugins: [withoutOptionTexts],
    define: { PARTS_FOLDER: JSON.stringify(partsFolder), K6_BUNDLE: "true" },
  };
}

/**
 * Name of the first npm package in a bundle; undefined where there is none, as it must be.
 * @param inputs the paths of its sources, as esbuild tells them
 * @param workingFolder absolute; what they are relative to
 * @param projectRoot absolute; the project may itself lie in a node_modules, which makes its files no package
 */
export function findPackage(inputs, workingFolder, projectRoot) {
  for (const input of inputs) {
    const path = resolve(workingFolder, input).replaceAll("\\", "/");
    const own = `${projectRoot.replaceAll("\\", "/")}/`;
    const found = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(
      path.startsWith(own) ? `/${path.slice(own.length)}` : path,
    );
    if (found) return found[1];
  }
  return undefined;
}
