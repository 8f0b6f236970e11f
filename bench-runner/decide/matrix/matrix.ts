// A matrix: what varies among runs, and the figures of each combination. Pure.
import { type Ends, isWide } from "../../../lib/core/ends.ts";
import { toMedian } from "../../statistics/quantile.ts";
import { isEstimated } from "../../summary/estimated.ts";
import { type Measured, toMeasured } from "../../summary/figures.ts";
import type { TokenSums } from "../../summary/summary.ts";
import { markBest } from "./best-figures.ts";
import { toLoad } from "./dimensions.ts";
import { type Dimension, findExtraDimensions, toBaseDimensions } from "./extra-dimensions.ts";
import type { CellFigure, Matrix, MatrixCell, Varying } from "./matrix-types.ts";
import { MEASURES } from "./measures.ts";
import { toNoteKeys, toNotes } from "./notes.ts";
import { toSides } from "./pair-sides.ts";
import type { MatrixRun } from "./read-runs.ts";

export const TASK: Pick<Dimension, "key" | "label"> = { key: "task", label: "task" };

interface Entry {
  run: MatrixRun;
  place: Record<string, string>;
  measured: Measured;
  tokens: TokenSums;
}

/** @param asked dimensions in addition to those that are always there, such as options that the user named */
export function toMatrix(given: readonly MatrixRun[], asked: readonly Dimension[] = []): Matrix {
  const runs = given.flatMap(toSides);
  const summaries = runs.map(({ summary }) => summary);
  const base = [...toBaseDimensions(), ...asked];
  const dimensions = [...base, ...findExtraDimensions(summaries, base)];
  const entries = runs.map(
    (run): Entry => ({
      run,
      place: {
        ...Object.fromEntries(dimensions.map(({ key, of }) => [key, of(run.summary)])),
        ...(run.serverName !== undefined && { server: run.serverName }),
      },
      measured: run.summary,
      tokens: run.summary.tokens,
    }),
  );
  const tasks = entries.flatMap(toTasks);
  return {
    ...toTable(entries, dimensions),
    ...(tasks.length > 0 && { tasks: toTable(tasks, toTaskDimensions(tasks, dimensions)) }),
  };
}

/** The tasks of a run that has several; a run of one task is that task, with all figures of the run. */
function toTasks(entry: Entry): Entry[] {
  const { run, place } = entry;
  const { groups, task } = run.summary;
  if (task !== undefined) return [{ ...entry, place: { ...place, [TASK.key]: task } }];
  return (groups?.task ?? []).map((group) => ({
    run,
    place: { ...place, [TASK.key]: group.name },
    measured: toMeasured(group),
    tokens: group.tokens,
  }));
}

/** Without the workload, where each task has one of its own: the task says the same. */
function toTaskDimensions(
  tasks: readonly Entry[],
  dimensions: readonly Pick<Dimension, "key" | "label">[],
): Pick<Dimension, "key" | "label">[] {
  const count = (...keys: string[]) =>
    new Set(tasks.map(({ place }) => JSON.stringify(keys.map((key) => place[key])))).size;
  const pairs = count(TASK.key, "workload");
  const isOwn = pairs > 1 && pairs === count(TASK.key) && pairs === count("workload");
  return [TASK, ...dimensions.filter(({ key }) => key !== "workload" || !isOwn)];
}

function toTable(entries: readonly Entry[], dimensions: readonly Pick<Dimension, "key" | "label">[]): Matrix {
  const valuesOf = (key: string) => [...new Set(entries.map(({ place }) => place[key] ?? ""))];
  const all = dimensions.map(({ key, label }) => ({ key, label, values: inOrder(valuesOf(key)) }));
  const varying = all.filter(({ values }) => values.length > 1);
  const cells = toCells(entries, varying);
  const measures = MEASURES.filter(({ key }) => cells.some(({ figures }) => figures[key] !== undefined));
  markBest(cells, measures, varying);
  return {
    fixed: all.flatMap(({ key, label, values }) => {
      const [value] = values;
      return values.length > 1 || value === undefined ? [] : [{ key, label, value }];
    }),
    varying,
    measures,
    cells,
    notes: toNotes(cells),
  };
}

function toCells(entries: readonly Entry[], varying: readonly Varying[]): MatrixCell[] {
  const groups = Map.groupBy(entries, ({ place }) => JSON.stringify(varying.map(({ key }) => place[key])));
  return inPlaceOrder(
    [...groups.values()].map((group): MatrixCell => {
      const [{ place, run }] = group as [Entry];
      const isPartial = (entry: Entry) => entry.run.summary.run.partial;
      const whole = group.filter((entry) => !isPartial(entry));
      const counted = whole.length > 0 ? whole : group;
      const { unit, value } = toLoad(run.summary);
      return {
        place,
        runs: [...counted, ...(whole.length > 0 ? group.filter(isPartial) : [])].map((entry) => entry.run),
        counted: counted.length,
        figures: toFigures(counted),
        best: [],
        notes: [...new Set(group.flatMap((entry) => toNoteKeys(entry.run.summary)))],
        ...(unit !== undefined && value !== undefined && { load: { unit, value } }),
      };
    }),
    varying,
  );
}

/** By the first dimension, then by the second, and so on. */
export function inPlaceOrder(cells: readonly MatrixCell[], varying: readonly Varying[]): MatrixCell[] {
  const rank = (cell: MatrixCell) => varying.map(({ key, values }) => values.indexOf(cell.place[key] ?? ""));
  return cells
    .map((cell) => ({ cell, at: rank(cell) }))
    .sort((a, b) => a.at.reduce((before, value, index) => before || value - (b.at[index] ?? 0), 0))
    .map(({ cell }) => cell);
}

function toFigures(entries: readonly Entry[]): MatrixCell["figures"] {
  return Object.fromEntries(
    MEASURES.flatMap(({ key, figure: figureKey, of, endsOf }) => {
      const values = entries.map(({ measured }) => of(measured));
      const known = values.filter((value) => value !== undefined);
      const middle = toMedian(known);
      if (middle === undefined) return [];
      const distance = values.map((value) =>
        value === undefined ? Number.POSITIVE_INFINITY : Math.abs(value - middle),
      );
      const ends = toCellEnds(entries.map(({ measured }) => endsOf(measured) ?? toPoint(of(measured))));
      const figure: CellFigure = {
        median: middle,
        ...(ends && { ends }),
        ...(known.length > 1 && { low: Math.min(...known), high: Math.max(...known) }),
        ...(entries.some((entry) => isEstimated(figureKey, entry)) && { estimated: true }),
        nearest: distance.indexOf(Math.min(...distance)),
      };
      return [[key, figure]];
    }),
  );
}

const toPoint = (value: number | undefined): Ends | undefined =>
  value === undefined ? undefined : { lower: value, upper: value };

/** Undefined if every run knows its value well enough. */
function toCellEnds(all: readonly (Ends | undefined)[]): Ends | undefined {
  const known = all.filter((ends) => ends !== undefined);
  if (!known.some(isWide)) return undefined;
  const uppers = known.flatMap(({ upper }) => upper ?? []);
  const lower = Math.min(...known.map((ends) => ends.lower));
  return { lower, ...(uppers.length === known.length && { upper: Math.max(...uppers) }) };
}

/** "8 clients" before "16 clients". */
function inOrder(values: readonly string[]): string[] {
  return [...values].sort((a, b) => {
    const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
    return Number.isNaN(x) || Number.isNaN(y) || x === y
      ? a.localeCompare(b, "en", { numeric: true })
      : x - y;
  });
}
