// `npm run bench:engine`: what the stream reader costs and how true its times are, against the null server.
//
// Nothing here passes or fails: it writes docs/engine.json and the tables of docs/engine.md, and prints them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { readGit } from "../bench-runner/environment.ts";
import { inProject, PROJECT_ROOT } from "../bench-runner/project-root.ts";
import { UserError } from "../bench-runner/user-error.ts";
import { replaceMarked } from "./marked-text.ts";
import type { PartContext } from "./part.ts";
import { runBurst } from "./parts/burst.ts";
import { runCoalesced, runJournalCost, runPaced } from "./parts/cpu.ts";
import { runMemory } from "./parts/memory.ts";
import { runStamps } from "./parts/stamps.ts";
import { buildPrograms, K6 } from "./programs.ts";
import { burstTable, cpuTable, memoryTable, stampsTable } from "./tables.ts";

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
  burst: part(runBurst, burstTable),
  memory: part(runMemory, memoryTable),
  journal: part(runJournalCost, cpuTable),
};

const USAGE = `Usage: npm run bench:engine -- [--only ${Object.keys(PARTS).join(",")}] [--repeats 5] [--quick]

--only     some parts; the others keep their figures in docs/
--repeats  how often each measurement is repeated, interleaved
--quick    small figures that show that it works; docs/ stays as it is`;

/** What docs/engine.json holds of a part. */
interface PartRecord {
  measuredAt: string;
  minutes: number;
  repeats: number;
  environment: Record<string, string | number>;
  result: unknown;
}

const JSON_FILE = inProject("docs", "engine.json");
const MARKDOWN_FILE = inProject("docs", "engine.md");

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
  const names = values.only === undefined ? Object.keys(PARTS) : values.only.split(",");
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

function keep(name: string, record: PartRecord, tables: string): void {
  const all = existsSync(JSON_FILE)
    ? (JSON.parse(readFileSync(JSON_FILE, "utf8")) as { parts: Record<string, PartRecord> })
    : { parts: {} };
  const parts = { ...all.parts, [name]: record };
  writeFileSync(JSON_FILE, `${JSON.stringify({ schema: "server-bench/engine/1", parts }, round, 1)}\n`);
  if (!existsSync(MARKDOWN_FILE)) return;
  const { cpu, cores, kernel, k6, commit } = record.environment;
  const note = `Measured ${record.measuredAt.slice(0, 16).replace("T", " ")} UTC, ${record.repeats} interleaved repeats: median (range). ${cores} cores of ${cpu}, Linux ${kernel}, k6 ${k6}, commit ${commit}.`;
  const text = readFileSync(MARKDOWN_FILE, "utf8");
  writeFileSync(MARKDOWN_FILE, replaceMarked(text, `engine:${name}`, `\n${tables}\n\n${note}\n`));
}

/** Seven digits are more than any of this is known to. */
const round = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value;

async function describeMachine(): Promise<Record<string, string | number>> {
  const { stdout } = await execa(K6, ["version"], { reject: false });
  const { commit } = await readGit(PROJECT_ROOT);
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    k6: /k6\S* (v\S+)/.exec(stdout)?.[1] ?? "unknown",
    commit: commit?.slice(0, 9) ?? "unknown",
  };
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
