// `npm run chaos`: many short runs, each of which meets a fault. No process may be left, and no request may be lost
// without being counted.
//
// Processes are killed and stopped, the disk fills up, the clock jumps. A seed decides what happens when; it is printed.
import { parseArgs } from "node:util";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { createRandom } from "../lib/core/prompts/random.ts";
import { DISTURBANCES, type Disturbance } from "./chaos/disturbances.ts";
import { type ChaosRun, runDisturbed } from "./chaos/disturbed-run.ts";
import { buildPrograms } from "./programs.ts";

const USAGE = `Usage: npm run chaos -- [--runs 50] [--seed N] [--only NAME]

--runs  how many
--seed  decides what happens when; by default the time
--only  one kind of disturbance: ${DISTURBANCES.map(({ name }) => name).join(", ")}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "50" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (process.platform !== "linux")
    throw new UserError("The chaos test looks for processes in /proc: it needs Linux.");
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) throw new UserError(USAGE);
  await buildPrograms();
  const kinds = findKinds(values.only);
  console.log(`Seed ${seed}: ${runs} runs.`);
  const random = createRandom(seed);
  const done: ChaosRun[] = [];
  for (let number = 1; number <= runs; number += 1) {
    // Each kind as often as the others.
    const kind = kinds[(number - 1) % kinds.length] as Disturbance;
    const run = await runDisturbed(kind, { number, seed, random });
    done.push(run);
    console.log(`${number}. ${run.kind}: ${run.happened}; ${run.account}`);
    for (const finding of run.findings) console.log(`   FOUND: ${finding}`);
  }
  const wrong = done.filter(({ findings }) => findings.length > 0);
  const { length: total } = done;
  console.log(
    `\n${total - wrong.length} of ${total} runs left no process and accounted for every request (seed ${seed}).`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}

/** The kinds that this machine can do; says why it cannot do the others. */
function findKinds(only: string | undefined): readonly Disturbance[] {
  const wanted = DISTURBANCES.filter(({ name }) => only === undefined || name === only);
  if (wanted.length === 0) throw new UserError(`There is no disturbance \`${only}\`.\n\n${USAGE}`);
  return wanted.filter(({ name, findObstacle }) => {
    const obstacle = findObstacle?.();
    if (obstacle !== undefined) console.log(`Skipped ${name}: ${obstacle}.`);
    return obstacle === undefined;
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
