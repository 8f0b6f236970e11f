// Every check of the project: `npm test`, some kinds of it: `npm test -- static unit go e2e`, or what a change can
// touch: `npm test -- --changed [COMMIT]`, compared with where the branch left the main one where no commit is given.
// The last line of the output is the count over everything; the exit code is 1 when anything failed.
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { bundlesStep } from "../setup/bundles.mjs";
import { k6StandinStep } from "../setup/go-binary.mjs";
import { inRepository } from "../setup/repository.mjs";
import { findChanges } from "./checks/changes.mjs";
import { ALONE, findE2e, TIMED } from "./checks/e2e-files.ts";
import { goChecks } from "./checks/go.mjs";
import { endRunning } from "./checks/program.mjs";
import { staticChecks } from "./checks/static.mjs";
import { newTally } from "./checks/tally.mjs";
import { vitestCheck } from "./checks/vitest.mjs";

const kinds = ["static", "unit", "go", "e2e"];

const asked = process.argv.slice(2);
const flag = asked.indexOf("--changed");
const ref = flag < 0 || kinds.includes(asked[flag + 1]) ? undefined : asked[flag + 1];
if (flag >= 0) asked.splice(flag, ref === undefined ? 1 : 2);
const unknown = asked.find((kind) => !kinds.includes(kind));
if (unknown !== undefined) {
  console.error(`Unknown kind of check \`${unknown}\`. Use any of: ${kinds.join(", ")}.`);
  process.exit(2);
}
const tally = newTally({ requireTools: process.env.SERVER_BENCH_REQUIRE_TOOLS === "1" });

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    endRunning();
    console.log(`Interrupted.\n${tally.lastLine()}`);
    process.exit(130);
  });
}

const changes = flag < 0 ? undefined : await findChanges(ref);
if (changes) console.log(`${changes.files.length} files differ from ${changes.base}.`);
const wants = (kind) => asked.length === 0 || asked.includes(kind);

if (wants("static")) await staticChecks(tally);
// Before the unit tests: those of outputs take the pages' parts from dist/.
const isBuilt =
  ["static", "unit", "e2e"].some(wants) && (await tally.check("build", () => done(bundlesStep)));
if ((wants("unit") || wants("e2e")) && process.env.SERVER_BENCH_ALL_CASES !== "1") {
  console.log("Slow tests check a fifth of their cases; with SERVER_BENCH_ALL_CASES=1 all of them.");
}
if (wants("unit")) {
  const options = changes &&
    !changes.files.some(isData) && { args: ["--changed", changes.base], mayBeEmpty: true };
  await tally.check("unit tests", () => vitestCheck("unit", options || {}));
}
if (wants("go") && (!changes || changes.files.some(isOfGo))) await goChecks(tally);
if (wants("e2e")) await e2eChecks(isBuilt);

console.log(tally.lastLine());
process.exitCode = tally.total.failed > 0 ? 1 : 0;

/** First the tests that can run side by side on a busy machine, then those that need it for themselves. */
async function e2eChecks(isBuilt) {
  await tally.check("build of k6 with the stand-in extension", () => done(k6StandinStep));
  if (!isBuilt) {
    await tally.check("end-to-end tests", () => ({
      failed: 1,
      detail: "They need the build, which failed.",
    }));
    return;
  }
  const names = changes ? findE2e(changes.files) : findAllE2e();
  const [isAlone, isTimed] = [ALONE, TIMED].map((list) => (name) => list.includes(name));
  const isAnyTime = (name) => !isAlone(name) && !isTimed(name);
  const sideBySide = (most) => ["--fileParallelism", `--maxWorkers=${Math.min(most, 6)}`];
  const processors = availableParallelism();
  // With more they take as long, and what they wait for is late.
  await e2eCheck("end-to-end tests", names.filter(isAnyTime), sideBySide(processors + 1));
  await e2eCheck("end-to-end tests of times", names.filter(isTimed), sideBySide(processors));
  await e2eCheck("end-to-end tests, one file at a time", names.filter(isAlone), []);
}

async function e2eCheck(title, names, options) {
  const files = names
    .map((name) => `test/e2e/${name}.e2e.ts`)
    .filter((path) => existsSync(inRepository(path)));
  if (files.length > 0) await tally.check(title, () => vitestCheck("e2e", { args: [...options, ...files] }));
}

function findAllE2e() {
  const found = readdirSync(inRepository("test", "e2e")).filter((file) => file.endsWith(".e2e.ts"));
  return found.map((file) => file.replace(".e2e.ts", ""));
}

/** What unit tests read without an import, by which vitest would know them: then all unit tests run. */
function isData(path) {
  return /^(test\/golden|test\/fixtures|docs|datasets|examples)\/|^README\.md$|\.(csv|jsonl|parquet|yaml)$/.test(
    path,
  );
}

/** The Go tests read the golden vectors, too. */
function isOfGo(path) {
  return path.startsWith("xk6-sse/") || path.startsWith("test/golden/");
}

/** A setup step as a check. The build always runs, so that its own checks (bundle size, imports) are seen. */
async function done(step) {
  if (step === bundlesStep || !(await step.isDone())) await step.run();
  return { passed: 1 };
}
