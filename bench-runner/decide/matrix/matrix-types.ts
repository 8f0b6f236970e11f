// The shapes of a matrix: plain data, which every rendering reads.
import type { Ends } from "../../../lib/core/ends.ts";
import type { Measure } from "./measures.ts";
import type { MatrixRun } from "./read-runs.ts";

/** `partial`, `nothing` (completed), `failed` (a requirement or threshold did not hold), or a warning's code. */
export type NoteKey = string;

export interface Note {
  key: NoteKey;
  /** Shown at the cells; absent if every cell has it. */
  mark?: string;
  text: string;
}

/** The value of one run, or the median of repeats with the smallest and the largest. */
export interface CellFigure {
  median: number;
  /** The ends, over all runs, of figures that are known only as ranges. */
  ends?: Ends;
  low?: number;
  high?: number;
  /** Its tokens are counted by events in at least one request. */
  estimated?: true;
  /** Index among the cell's runs of the one whose value is nearest to the median. */
  nearest: number;
}

export interface MatrixCell {
  /** The value of every dimension, fixed ones too, by its key. */
  place: Record<string, string>;
  /** First those that count. */
  runs: MatrixRun[];
  /** How many of them the figures are made of: partial runs do not count if there are whole ones. */
  counted: number;
  /** By the measure's key; absent if no run has it. */
  figures: Partial<Record<string, CellFigure>>;
  /** Keys of the measures whose best figure it has. */
  best: string[];
  notes: NoteKey[];
  /** The load as a number, if it is one. */
  load?: { unit: string; value: number };
}

export interface Varying {
  key: string;
  label: string;
  /** In order: numbers by size, others by name. */
  values: string[];
}

export interface Matrix {
  /** What all runs have in common. */
  fixed: { key: string; label: string; value: string }[];
  varying: Varying[];
  /** Those that at least one cell has. */
  measures: Measure[];
  /** In the order of the varying dimensions. */
  cells: MatrixCell[];
  notes: Note[];
  /** One for the tasks of runs; throughput and memory, which belong to a run, only where it has one task. */
  tasks?: Matrix;
}
