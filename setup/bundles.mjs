// The esbuild bundles in dist/: the scenarios for k6 and the runner for Node.
import { rm } from "node:fs/promises";
import { writeWhole } from "./cache-folder.mjs";
import { isExecutable, runCommand } from "./command.mjs";
import { withPackagesOnPath } from "./npm-packages.mjs";
import { fingerprint, inRepository, pinnedNode, readIfThere, repository } from "./repository.mjs";

/** The runner's entry, plain JavaScript; dist/chunks holds what its commands load. */
export const runnerBundle = inRepository("dist", "bench-runner.mjs");

const stamp = inRepository("dist", ".stamp");
const sources = ["lib", "scenarios", "bench-runner", "build.mjs", "package-lock.json"];

/** The step. */
export const bundlesStep = {
  title: "scenario and runner bundles (esbuild)",
  isDone: () => readIfThere(runnerBundle) !== undefined && readIfThere(stamp) === sourcesHash(),
  run: async () => {
    const hash = sourcesHash();
    await rm(stamp, { force: true });
    await runCommand(isExecutable(pinnedNode) ? pinnedNode : process.execPath, ["build.mjs"], {
      cwd: repository,
      env: withPackagesOnPath(process.env),
      what: "Building dist/ with `node build.mjs`",
      remedies: ["The lines above name the source file. After `git pull`, run the same command again."],
    });
    await writeWhole(stamp, hash);
  },
};

function sourcesHash() {
  return fingerprint(sources, (path) => !/\.(test|e2e)\.ts$/.test(path));
}
