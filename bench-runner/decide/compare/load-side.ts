// An argument of `compare` as a side: a run folder, a folder of repeats, or a baseline file.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { toDigits } from "../../../lib/core/units.ts";
import { readOwnVersion } from "../../load/environment.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { checkShape, readJson } from "../../platform/json-file.ts";
import { readShape } from "../../platform/schema-shape.ts";
import { UserError } from "../../platform/user-error.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";
import { toQuantile } from "../../statistics/quantile.ts";
import { readRunInput } from "../../summary/run-input.ts";
import { summarize } from "../../summary/summarize.ts";
import type { Summary } from "../../summary/summary.ts";
import { readIdentityFiles, toIdentity } from "./identity.ts";
import { describeDifference, findDifferences } from "./identity-differences.ts";
import type { RunBlocks } from "./run-blocks.ts";
import { readRunBlocks, toRunEstimates } from "./run-estimates.ts";
import { CURVE_KEYS, CURVE_SHARES, type CurveKey, type Side } from "./side.ts";
import { toSideRun } from "./side-run.ts";

interface LoadedRun {
  folder: string;
  summary: Summary;
}

/** @throws UserError for a path that is none of these, and for a file that cannot be read */
export async function loadSide(given: string): Promise<Side> {
  const path = resolve(given);
  if (existsSync(path) && statSync(path).isFile()) return readBaseline(path, given);
  return loadFolders([given]);
}

/** A baseline file. @throws UserError */
function readBaseline(path: string, given: string): Side {
  const remedy = "Give a run folder or a baseline file.";
  const side = readJson<Partial<Side>>(path, remedy, {}, `\`${given}\``);
  if (side.schema !== "server-bench/baseline/1") {
    throw new UserError(
      `\`${given}\` is not a baseline: its schema is \`${side.schema ?? "missing"}\`, this version reads \`server-bench/baseline/1\`. Give a run folder, or create a baseline with \`baseline save\`.`,
      EXIT.usage,
    );
  }
  checkShape(side, readShape("baseline"), remedy, `\`${given}\``);
  return side as Side;
}

/**
 * Runs of the same load as one side.
 * @param folders run folders and folders of repeats
 * @throws UserError if one of them is not a run, or has another load than the first
 */
export async function loadFolders(folders: readonly string[]): Promise<Side> {
  const notes: string[] = [];
  const runs: LoadedRun[] = [];
  for (const given of folders) {
    for (const folder of listRuns(given)) {
      const summary = await readSummary(folder);
      if (summary === undefined)
        notes.push(`\`${basename(folder)}\` has no recorded request and is left out.`);
      else runs.push({ folder, summary });
    }
  }
  const [first, ...others] = runs;
  if (first === undefined) {
    throw new UserError(
      `\`${folders.join("`, `")}\`: no run has a recorded request, nothing can be compared.`,
    );
  }
  const identity = toIdentity(first.summary, await readIdentityFiles(first.folder));
  for (const { folder, summary } of others) {
    const [different] = findDifferences(identity, toIdentity(summary, await readIdentityFiles(folder)));
    if (different === undefined) continue;
    throw new UserError(
      `Repeats must have the same load, but ${describeDifference(different)
        .replace("BASE", `\`${basename(first.folder)}\``)
        .replace("NEW", `\`${basename(folder)}\``)}. Give them as separate sides.`,
      EXIT.usage,
    );
  }
  const blocks = await readBlocks(runs, notes);
  const [own] = blocks;
  const estimates = others.length === 0 && own ? toRunEstimates(own, first.summary) : undefined;
  return roundSide({
    schema: "server-bench/baseline/1",
    name: first.summary.run.name,
    serverBench: readOwnVersion(),
    identity,
    runs: runs.map(({ summary }) => toSideRun(summary)),
    ...(estimates && { estimates }),
    curves: toCurves(blocks.map(readCurveValues)),
    notes,
  });
}

/** The blocks of each run that still has its journal. */
async function readBlocks(runs: readonly LoadedRun[], notes: string[]): Promise<RunBlocks[]> {
  const found: RunBlocks[] = [];
  for (const { folder, summary } of runs) {
    const records = join(folder, RUN_FILES.records);
    const name = `\`${basename(folder)}\``;
    if (!existsSync(records)) {
      notes.push(`${name} no longer has a journal: intervals and charts do without its requests.`);
      continue;
    }
    const blocks = await readRunBlocks(records, summary);
    if (blocks === undefined) notes.push(`${name}: no request was measured.`);
    else found.push(blocks);
  }
  return found;
}

/** @throws UserError */
function listRuns(given: string): string[] {
  const folder = resolve(given);
  const isRun = (path: string) =>
    existsSync(join(path, RUN_FILES.records)) || existsSync(join(path, RUN_FILES.summary));
  if (isRun(folder)) return [folder];
  const repeats = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^repeat-\d+$/.test(name))
        .sort((a, b) => Number(a.slice(7)) - Number(b.slice(7)))
    : [];
  if (repeats.length > 0) return repeats.map((name) => join(folder, name));
  const reason = existsSync(folder) ? "it contains neither a run nor repeats" : "it does not exist";
  throw new UserError(
    `\`${given}\` cannot be compared: ${reason}. Give a run folder, a folder of repeats, or a baseline file.`,
    EXIT.usage,
  );
}

/** Reads summary.json, or regenerates it if it is missing; undefined without a recorded request. */
async function readSummary(path: string): Promise<Summary | undefined> {
  const file = join(path, RUN_FILES.summary);
  if (existsSync(file))
    return readJson<Summary>(file, `\`report ${path}\` regenerates it.`, readShape("summary"));
  const input = readRunInput(new RunFolder(path));
  return input && summarize(input);
}

/** How the values of a run are distributed: for the charts that overlay the sides. */
type CurveValues = { [K in CurveKey]?: Float64Array };

function readCurveValues(blocks: RunBlocks): CurveValues {
  return Object.fromEntries(
    CURVE_KEYS.flatMap((key) => {
      const found = blocks.toValues(key);
      return found === undefined ? [] : [[key, found.values]];
    }),
  );
}

/** The values of all runs together at each of CURVE_SHARES. */
function toCurves(runs: readonly CurveValues[]): Side["curves"] {
  const curves: Side["curves"] = {};
  for (const key of CURVE_KEYS) {
    const parts = runs.flatMap((run) => run[key] ?? []);
    const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      all.set(part, offset);
      offset += part.length;
    }
    if (all.length === 0) continue;
    const sorted = all.sort();
    curves[key] = CURVE_SHARES.map((share) => toQuantile(sorted, share) as number);
  }
  return curves;
}

/** Significant digits: a small file, and the same result from it as from the folder. */
const DIGITS = 7;
const CURVE_DIGITS = 4;

/** Whole numbers (counts) stay as they are. */
function roundSide(side: Side): Side {
  const curves = Object.fromEntries(
    Object.entries(side.curves).map(([key, values]) => [
      key,
      values.map((value) => toDigits(value, CURVE_DIGITS)),
    ]),
  );
  return { ...(round(side) as Side), curves };
}

function round(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : toDigits(value, DIGITS);
  if (Array.isArray(value)) return value.map(round);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, round(part)]));
}
