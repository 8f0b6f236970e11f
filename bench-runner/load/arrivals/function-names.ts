// What an arrival function can compute: a closed table of names, and Python's arithmetic where JavaScript's differs.

export type Arithmetic = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

export interface FunctionSpec {
  /** Fewest and most arguments. */
  arguments: readonly [number, number];
  /** What the arguments must be; absent for any number. */
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

/**
 * `a operator b` as Python computes it with floats.
 * @returns NaN where Python has an error or a complex number, an infinity where the result is too large
 */
export function compute(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? Number.NaN : a / b;
    case "//":
      return floorDivide(a, b);
    case "%":
      return modulo(a, b);
    case "**":
      return a === 0 && b < 0 ? Number.NaN : a ** b;
  }
}

/** The remainder has the divisor's sign. NaN for a divisor of 0. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** From the exact remainder, as CPython does: `1 // 0.1` is 9, though `1 / 0.1` is 10. NaN for a divisor of 0. */
function floorDivide(a: number, b: number): number {
  const rest = a % b;
  const quotient = (a - rest) / b;
  return Math.round(rest !== 0 && rest < 0 !== b < 0 ? quotient - 1 : quotient);
}

/** Most digits that `round` takes, on either side of the point. */
const MOST_DIGITS = 20;

/**
 * The nearest number with that many digits after the point (before it, if negative); a tie goes to the even last
 * digit. NaN for digits that are not whole or more than 20.
 */
function roundHalfEven(value: number, digits: number): number {
  if (!Number.isInteger(digits) || Math.abs(digits) > MOST_DIGITS) return Number.NaN;
  return digits > 0 ? roundFraction(value, digits) : roundWhole(value, 10 ** -digits);
}

function roundWhole(value: number, unit: number): number {
  const rest = value % unit;
  const below = value - rest;
  const excess = Math.abs(rest) * 2 - unit;
  const away = excess > 0 || (excess === 0 && (below / unit) % 2 !== 0);
  return away ? below + Math.sign(value) * unit : below;
}

function roundFraction(value: number, digits: number): number {
  // Exact, but a tie goes away from zero.
  const text = value.toFixed(digits);
  // A tie is an odd multiple of 5 / 10^(digits + 1); doubles are binary, so it is an odd multiple of 1 / 2^(digits + 1).
  const isTie = Math.abs((value * 2 ** (digits + 1)) % 2) === 1;
  const last = Number(text.at(-1));
  return Number(isTie && last % 2 === 1 ? `${text.slice(0, -1)}${last - 1}` : text);
}
