// Sets up everything that is missing, then starts or tests: `node setup.mjs [setup|start|test|build] [arguments]`.
// Plain JavaScript on Node's own modules only, because it runs before node_modules exists and on the Node that
// people have (18 or later). Each step is a file in setup/; it is skipped when done, can be replaced by the user's
// own program, puts its result in place in one move, and so can be interrupted and run again at any point.
import { spawn } from "node:child_process";
import { bundlesStep } from "./setup/bundles.mjs";
import { k6Step, nullServerStep } from "./setup/go-binary.mjs";
import { findGo } from "./setup/go-toolchain.mjs";
import { handOver } from "./setup/handover.mjs";
import { installedVariables, writeInstalled } from "./setup/installed.mjs";
import { llamaServerStep } from "./setup/llama-server.mjs";
import { modelStep } from "./setup/model.mjs";
import { npmPackagesStep, withPackagesOnPath } from "./setup/npm-packages.mjs";
import { inRepository, pinnedNode } from "./setup/repository.mjs";
import { describeProblem, Interrupted, runSteps, SetupProblem } from "./setup/step.mjs";
import { xllamacppStep } from "./setup/xllamacpp.mjs";

const commands = { setup, start, test, build, "null-server": nullServer };

async function setup() {
  await runSteps(allSteps([]));
  await writeInstalled();
  const places = Object.entries(installedVariables()).map(([name, path]) => `  ${name.padEnd(22)} ${path}`);
  console.log(["Ready. In use:", ...places].join("\n"));
}

/** Sets up what the arguments leave needed, then runs the runner's quickstart. */
async function start(args) {
  await runSteps(allSteps(args));
  await writeInstalled();
  Object.assign(process.env, withPackagesOnPath({ ...process.env, ...installedVariables() }));
  await handOver(["quickstart", ...args]);
}

/** Sets up what the chosen kinds of checks need, then runs them all, even if a part could not be set up. */
async function test(args) {
  // `--changed [COMMIT]` can come before or after the kinds.
  const kinds = args.filter((arg) => ["static", "unit", "go", "e2e"].includes(arg));
  const needsPrograms = kinds.length === 0 || kinds.includes("e2e");
  const needsGo = needsPrograms || kinds.includes("go");
  await runSteps([npmPackagesStep]);
  if (needsPrograms) {
    const programs = [k6Step, nullServerStep, llamaServerStep];
    programs.push(modelStep(process.env.SERVER_BENCH_MODEL), xllamacppStep);
    await runSteps(programs.map(optional));
    await writeInstalled();
  }
  const goEnv = needsGo ? await goEnvironment() : {};
  const env = withPackagesOnPath({ ...process.env, ...installedVariables(), ...goEnv });
  const child = spawn(pinnedNode, [inRepository("test", "all.mjs"), ...args], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

async function build() {
  await runSteps([npmPackagesStep, bundlesStep]);
}

/** Builds what `bench-runner calibrate` runs against; prints something only if there is work. */
async function nullServer() {
  await runSteps([nullServerStep], { quiet: true });
}

function allSteps(args) {
  const has = (flag) => args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const value = (flag) => {
    const index = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
    return index < 0 ? undefined : args[index].includes("=") ? args[index].split("=")[1] : args[index + 1];
  };
  const steps = [npmPackagesStep, k6Step];
  // A server that runs already brings its model; a model from the hub is fetched by llama-server itself.
  if (!has("--url")) steps.push(llamaServerStep);
  if (!has("--url") && !has("--hf-repo"))
    steps.push(modelStep(value("--model") || process.env.SERVER_BENCH_MODEL));
  return [...steps, bundlesStep];
}

function optional(step) {
  return { ...step, optional: true };
}

/** Environment of the Go checks. They report a missing Go themselves. */
async function goEnvironment() {
  try {
    return (await findGo()).env;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    console.error(describeProblem(error));
    return {};
  }
}

const [name = "setup", ...args] = process.argv.slice(2);
try {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new SetupProblem(`Unknown command \`${name}\`. Use one of: ${Object.keys(commands).join(", ")}.`);
  }
  await command(args);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  console.error(describeProblem(error));
  process.exitCode = error instanceof Interrupted ? 130 : 1;
}
