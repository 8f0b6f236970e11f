// A number with its unit, as people write limits: 500ms, 1.5 s, 99%, 120 tokens/s.
import type { Unit } from "../units.ts";

/** By the unit in which a value is kept: what may be written, and how much of that unit it is. */
const SPELLINGS: { readonly [U in Unit]?: Readonly<Record<string, number>> } = {
  ms: { us: 0.001, µs: 0.001, ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000 },
  s: { ms: 0.001, s: 1 },
  share: { "": 1, "%": 0.01 },
  "tokens/s": { "": 1, "/s": 1, "tokens/s": 1, "tok/s": 1, "t/s": 1 },
  "requests/s": { "": 1, "/s": 1, "requests/s": 1, "req/s": 1, rps: 1 },
  tokens: { "": 1, tokens: 1, tok: 1 },
  count: { "": 1 },
  ratio: { "": 1 },
};

/** Some of the ways to write a value of this unit, for a message. */
export function toExamples(unit: Unit): string {
  const examples: { readonly [U in Unit]?: string } = {
    ms: "`800ms` or `1.5s`",
    share: "`95%` or `0.95`",
    "tokens/s": "`120` or `120 tokens/s`",
    "requests/s": "`4` or `4/s`",
  };
  return examples[unit] ?? "`10`";
}

/**
 * The value in `unit`; undefined where the text is none. A time needs its unit: 800 could be milliseconds or seconds.
 * A share without a percent sign is at most 1.
 */
export function parseQuantity(text: string, unit: Unit): number | undefined {
  const [, number, spelling = ""] =
    /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(\S*)$/i.exec(text.trim()) ?? [];
  const factor = SPELLINGS[unit]?.[spelling.toLowerCase()];
  if (number === undefined || factor === undefined) return undefined;
  const value = Number(number);
  if (unit === "share" && spelling === "" && Math.abs(value) > 1) return undefined;
  // 95 % is 0.95 and not 0.9500000000000001.
  return Number((value * factor).toPrecision(15));
}
