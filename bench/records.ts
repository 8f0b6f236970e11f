// What the benchmarks keep: docs/engine.json, and the marked blocks of docs/engine.md with each part's tables.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { execa } from "execa";
import { readGit } from "../bench-runner/load/environment.ts";
import { inProject, PROJECT_ROOT } from "../bench-runner/platform/project-root.ts";
import { replaceMarked } from "./marked-text.ts";
import { K6 } from "./programs.ts";

/** What docs/engine.json holds of a part. */
export interface PartRecord {
  measuredAt: string;
  minutes: number;
  repeats: number;
  environment: Record<string, string | number>;
  result: unknown;
}

const JSON_FILE = inProject("docs", "engine.json");
const MARKDOWN_FILE = inProject("docs", "engine.md");

/** Puts a part in the place of its former figures; the other parts stay. */
export function keep(name: string, record: PartRecord, tables: string): void {
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

/** Where the figures come from. */
export async function describeMachine(): Promise<Record<string, string | number>> {
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
