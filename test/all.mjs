// Every check of the project, one after the other: `npm test`, or some kinds of it: `npm test -- static unit go e2e`.
// The last line of the output is the count over everything; the exit code is 1 when anything failed.
import { bundlesStep } from "../setup/bundles.mjs";
import { k6StandinStep } from "../setup/go-binary.mjs";
import { inRepository } from "../setup/repository.mjs";
import { goChecks } from "./checks/go.mjs";
import { endRunning, programCheck } from "./checks/program.mjs";
import { newTally } from "./checks/tally.mjs";
import { vitestCheck } from "./checks/vitest.mjs";

/** The scripts of report.html, of pages of charts and of the live page, which run in a browser. */
const pages = ["bench-runner/outputs/charts", "bench-runner/outputs/live/page"];
const kinds = ["static", "unit", "go", "e2e"];

const asked = process.argv.slice(2);
const unknown = asked.find((kind) => !kinds.includes(kind));
if (unknown !== undefined) {
  console.error(`Unknown kind of check \`${unknown}\`. Use any of: ${kinds.join(", ")}.`);
  process.exit(2);
}
const wants = (kind) => asked.length === 0 || asked.includes(kind);
const tally = newTally({ requireTools: process.env.SERVER_BENCH_REQUIRE_TOOLS === "1" });

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    endRunning();
    console.log(`Interrupted.\n${tally.lastLine()}`);
    process.exit(130);
  });
}

if (wants("static")) {
  await tally.check("biome check", () =>
    programCheck(inRepository("node_modules", ".bin", "biome"), ["check"]),
  );
  for (const project of ["lib/core", "lib/k6", "bench-runner", ...pages, "bench", "examples"]) {
    await tally.check(`tsc -p ${project}`, () => programCheck("tsc", ["-p", project]));
  }
}
if (wants("unit")) await tally.check("unit tests", () => vitestCheck("unit"));
if (wants("go")) await goChecks(tally);
if (wants("static") || wants("e2e")) {
  const isBuilt = await tally.check("build", () => done(bundlesStep));
  if (wants("e2e")) {
    await tally.check("build of k6 with the stand-in extension", () => done(k6StandinStep));
    if (isBuilt) await tally.check("end-to-end tests", () => vitestCheck("e2e"));
    else
      await tally.check("end-to-end tests", () => ({
        failed: 1,
        detail: "They need the build, which failed.",
      }));
  }
}

console.log(tally.lastLine());
process.exitCode = tally.total.failed > 0 ? 1 : 0;

/** A setup step as a check. The build always runs, so that its own checks (bundle size, imports) are seen. */
async function done(step) {
  if (step === bundlesStep || !(await step.isDone())) await step.run();
  return { passed: 1 };
}
