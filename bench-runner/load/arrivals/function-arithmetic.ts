// Python's arithmetic where JavaScript's differs: floor division, the remainder's sign, rounding half to even.
import type { Arithmetic } from "./function-tree.ts";

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
 * The nearest number with that many digits behind the point (before it, where negative); of two, the one whose last
 * digit is even. NaN for digits that are not whole or more than 20.
 */
export function roundHalfEven(value: number, digits: number): number {
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
