// The layout of a matrix: which dimensions are rows, columns side by side, and the x axis of line charts.
import { ALL_OPTIONS } from "../../config/option-flags.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { DIMENSIONS } from "./dimensions.ts";
import { type Dimension, NAME, toOptionDimension } from "./extra-dimensions.ts";
import { TASK } from "./matrix.ts";
import type { Matrix, Varying } from "./matrix-types.ts";

/** As given on the command line. */
export interface AskedLayout {
  rows?: string;
  columns?: string;
  by?: string;
}

export interface Layout {
  /** Absent if nothing varies. */
  rows?: Varying;
  /** Side by side; absent if fewer than two dimensions vary. */
  columns?: Varying;
  by?: Varying;
  /** In the order of the table: rows, other varying dimensions, by, columns. */
  order: Varying[];
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  models: "model",
  servers: "server",
  machines: "machine",
  workloads: "workload",
  tasks: "task",
  load: "parallel",
  clients: "parallel",
  vus: "parallel",
  rate: "parallel",
  parallelism: "parallel",
  concurrency: "parallel",
};

/** The key of a dimension from the name that a user gives it. @throws UserError */
export function toDimensionKey(name: string, flag: string): string {
  const plain = name.replace(/^--/, "").toLowerCase();
  const key = OTHER_NAMES[plain] ?? plain;
  if (key in DIMENSIONS || key === TASK.key || key === NAME.key || key === "slots") return key;
  const option = Object.keys(ALL_OPTIONS).find(
    (option) => option.toLowerCase() === plain.replaceAll("-", "") || ALL_OPTIONS[option]?.flag === plain,
  );
  if (option !== undefined) return option;
  const known = [...Object.keys(DIMENSIONS), TASK.key, NAME.key, "slots"]
    .map((one) => `\`${one}\``)
    .join(", ");
  throw new UserError(
    `\`${flag}\`: expected one of ${known}, or the name of an option such as \`batch-size\`, got \`${name}\`.`,
    EXIT.usage,
  );
}

/** The requested dimensions that are not fixed ones: options and the run's name. */
export function toAskedDimensions(keys: readonly string[]): Dimension[] {
  return [...new Set(keys)].flatMap((key): Dimension[] => {
    if (key in DIMENSIONS || key === TASK.key) return [];
    if (key === NAME.key) return [NAME];
    return key === "slots" ? [{ ...toOptionDimension("parallel"), key }] : [toOptionDimension(key)];
  });
}

/** A requested dimension that does not vary is listed above the table, and another one takes its place. */
export function toLayout({ varying }: Pick<Matrix, "varying">, asked: AskedLayout = {}): Layout {
  const free = [...varying];
  const take = (key: string | undefined) => {
    const at = free.findIndex((one) => one.key === key);
    return at === -1 ? undefined : free.splice(at, 1)[0];
  };
  // Requested dimensions come before the defaults.
  const wanted = { rows: take(asked.rows), columns: take(asked.columns), by: take(asked.by) };
  const by = wanted.by ?? take("parallel");
  const rows = wanted.rows ?? free.shift();
  const columns = wanted.columns ?? free.shift();
  return {
    ...(rows && { rows }),
    ...(columns && { columns }),
    ...(by && { by }),
    order: [rows, ...free, by, columns].filter((one) => one !== undefined),
  };
}
