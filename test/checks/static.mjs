// Formatting, lint and types: several programs side by side.
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inRepository } from "../../setup/repository.mjs";
import { programCheck } from "./program.mjs";

/** The largest first. Scripts of report.html, of pages of charts and of the live page run in a browser. */
const projects = [
  "bench-runner",
  "bench",
  "lib/k6",
  "lib/core",
  "bench-runner/outputs/charts",
  "bench-runner/outputs/live/page",
  "examples",
];
/** What tsc remembers of the last run: a project is checked again as far as it has changed. */
const memory = inRepository("node_modules", ".cache", "tsc");

/** Runs all static checks on the tally. */
export async function staticChecks(tally) {
  mkdirSync(memory, { recursive: true });
  const biome = inRepository("node_modules", ".bin", "biome");
  const checks = [
    () => tally.check("biome check", () => programCheck(biome, ["check"])),
    ...projects.map((project) => () => tally.check(`tsc -p ${project}`, () => typeCheck(project))),
  ];
  const work = async () => {
    for (let next = checks.shift(); next !== undefined; next = checks.shift()) await next();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

function typeCheck(project) {
  const file = `${project.replaceAll("/", "-")}.tsbuildinfo`;
  return programCheck("tsc", ["-p", project, "--incremental", "--tsBuildInfoFile", join(memory, file)]);
}
