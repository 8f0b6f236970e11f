// Numbers of a side in as many digits as mean something: a small file, and the same result from it as from the folder.
import { toDigits } from "../../../lib/core/units.ts";
import type { Side } from "./side.ts";

const DIGITS = 7;
const CURVE_DIGITS = 4;

/** Whole numbers (counts) stay as they are. */
export function roundSide(side: Side): Side {
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
