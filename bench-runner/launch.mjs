// What `node bench-runner` starts: builds what is missing, then hands over to the bundled runner. Written so that
// any Node from 14 on can read it, for the sake of a clear sentence; everything newer is imported after that check.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = fileURLToPath(new URL("../dist/bench-runner.mjs", import.meta.url));

async function launch() {
  if (Number(process.versions.node.split(".")[0]) < 18) {
    console.error(
      `server-bench needs Node 18 or later to start, this is ${process.versions.node}. See nodejs.org.`,
    );
    process.exitCode = 1;
    return;
  }
  const { handOver } = await import("../setup/handover.mjs");
  if (!existsSync(bundle)) await buildWhatIsMissing();
  await handOver(process.argv.slice(2));
}

/** The steps that every run needs: npm packages, k6, bundles. Server and model are the run's own affair. */
async function buildWhatIsMissing() {
  const { runSteps } = await import("../setup/step.mjs");
  const { npmPackagesStep } = await import("../setup/npm-packages.mjs");
  const { k6Step } = await import("../setup/go-binary.mjs");
  const { bundlesStep } = await import("../setup/bundles.mjs");
  await runSteps([npmPackagesStep, k6Step, bundlesStep], { quiet: true });
}

// Failed until something says otherwise: the runner by its own exit, or by the one that is handed over.
process.exitCode = 1;
launch().catch((error) => {
  console.error([error.message].concat((error.remedies || []).map((line) => `  - ${line}`)).join("\n"));
  process.exitCode = 1;
});
