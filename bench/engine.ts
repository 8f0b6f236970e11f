// `npm run bench:engine`: what the stream reader costs and how true its times are, against the null server.
//
// Nothing here passes or fails: it writes docs/engine.json and the tables of docs/engine.md, and prints them.
import { parseArgs } from "node:util";
import { UserError } from "../bench-runner/platform/user-error.ts";
import type { PartContext } from "./part.ts";
import { runBurst } from "./parts/burst.ts";
import { runCoalesced, runJournalCost, runPaced } from "./parts/cpu.ts";
import { runMemory } from "./parts/memory.ts";
import { runPriority } from "./parts/priority.ts";
import { runPrompts } from "./parts/prompts.ts";
import { runReport } from "./parts/report.ts";
import { runSchedule } from "./parts/schedule.ts";
import { runStamps } from "./parts/stamps.ts";
import { runStarved } from "./parts/starved.ts";
import { runVllm } from "./parts/vllm.ts";
import { buildPrograms } from "./programs.ts";
import { describeMachine, keep } from "./records.ts";
import {
  burstTable,
  cpuTable,
  memoryTable,
  priorityTable,
  promptsTable,
  reportTable,
  scheduleTable,
  stampsTable,
  starvedTable,
  vllmTable,
} from "./tables.ts";

interface Part<T = unknown> {
  run(context: PartContext): Promise<T>;
  toTables(result: T): string;
}

/** Ties a part's result to its own tables. */
const part = <T>(run: Part<T>["run"], toTables: Part<T>["toTables"]): Part => ({
  run,
  toTables: (result) => toTables(result as T),
});

const PARTS: Record<string, Part> = {
  coalesced: part(runCoalesced, cpuTable),
  paced: part(runPaced, cpuTable),
  stamps: part(runStamps, stampsTable),
  starved: part(runStarved, starvedTable),
  vllm: part(runVllm, vllmTable),
  priority: part(runPriority, priorityTable),
  burst: part(runBurst, burstTable),
  schedule: part(runSchedule, scheduleTable),
  memory: part(runMemory, memoryTable),
  prompts: part(runPrompts, promptsTable),
  journal: part(runJournalCost, cpuTable),
  report: part(runReport, reportTable),
};

/** Parts that run only by name: they install gigabytes. */
const BY_NAME_ONLY: readonly string[] = ["vllm"];

const USAGE = `Usage: npm run bench:engine -- [--only ${Object.keys(PARTS).join(",")}] [--repeats 5] [--quick]

--only     some parts; the others keep their figures in docs/ (${BY_NAME_ONLY.join(", ")}: by name only, installs the server)
--repeats  how often each measurement is repeated, interleaved
--quick    small figures that show that it works; docs/ stays as it is`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      repeats: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const names = values.only?.split(",") ?? Object.keys(PARTS).filter((name) => !BY_NAME_ONLY.includes(name));
  const unknown = names.find((name) => PARTS[name] === undefined);
  if (unknown !== undefined) {
    throw new UserError(`\`--only\`: there is no part \`${unknown}\`. Use ${Object.keys(PARTS).join(", ")}.`);
  }
  const repeats = Number(values.repeats ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new UserError(`Expected \`--repeats\` to be a whole number above 0, got \`${values.repeats}\`.`);
  }
  if (process.platform !== "linux") {
    console.log("Kernel receive stamps and bound cores are Linux's: some figures will be missing.");
  }
  // What was started ends with this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  await buildPrograms();
  const environment = await describeMachine();
  for (const name of names) {
    const { run, toTables } = PARTS[name] as Part;
    const started = performance.now();
    console.log(`\n## ${name}`);
    const say = (text: string) => console.log(`  ${text}`);
    const result = await run({ repeats, isQuick: values.quick, say });
    const minutes = Math.round((performance.now() - started) / 6000) / 10;
    console.log(`\n${toTables(result)}\n(${minutes} minutes)`);
    if (values.quick) continue;
    // After each part, so that an interrupted run keeps what it has.
    keep(
      name,
      { measuredAt: new Date().toISOString(), minutes, repeats, environment, result },
      toTables(result),
    );
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
