// The names that an arrival function may use, one row each: a closed table, since nothing else can be called.
import { roundHalfEven } from "./function-arithmetic.ts";

export interface FunctionSpec {
  /** Fewest and most arguments. */
  arguments: readonly [number, number];
  /** What the arguments must be, where that is not any number. */
  takes?: string;
  /** NaN for arguments outside `takes`, an infinity where the result is too large. */
  compute: (first: number, second: number | undefined, all: readonly number[]) => number;
}

const ANY_COUNT = Number.POSITIVE_INFINITY;

export const FUNCTIONS = {
  int: { arguments: [1, 1], compute: Math.trunc },
  float: { arguments: [1, 1], compute: (x) => x },
  min: { arguments: [2, ANY_COUNT], compute: (_x, _y, all) => Math.min(...all) },
  max: { arguments: [2, ANY_COUNT], compute: (_x, _y, all) => Math.max(...all) },
  abs: { arguments: [1, 1], compute: Math.abs },
  round: {
    arguments: [1, 2],
    takes: "at most 20 digits, a whole number",
    compute: (x, digits = 0) => roundHalfEven(x, digits),
  },
  floor: { arguments: [1, 1], compute: Math.floor },
  ceil: { arguments: [1, 1], compute: Math.ceil },
  sin: { arguments: [1, 1], compute: Math.sin },
  cos: { arguments: [1, 1], compute: Math.cos },
  exp: { arguments: [1, 1], compute: Math.exp },
  log: { arguments: [1, 2], takes: "numbers above 0, and a base other than 1", compute: logarithm },
} satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof FUNCTIONS;

export const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI };

/** `math.sin`, `np.sin` and `numpy.sin` are `sin`. */
export function withoutModule(name: string): string {
  return name.replace(/^(?:math|np|numpy)\./, "");
}

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

/** "1 argument", "1 or 2 arguments", "at least 2 arguments". */
export function describeArguments([least, most]: FunctionSpec["arguments"]): string {
  if (most === ANY_COUNT) return `at least ${least} arguments`;
  return least === most ? `${least} argument` : `${least} or ${most} arguments`;
}

/** Natural, or to a base. */
function logarithm(x: number, base?: number): number {
  if (x <= 0 || (base !== undefined && (base <= 0 || base === 1))) return Number.NaN;
  return base === undefined ? Math.log(x) : Math.log(x) / Math.log(base);
}
