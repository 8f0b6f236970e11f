// k6's own summary of a run, as k6 prints it where a scenario has none of its own: read back from the text.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./k6-run.ts";

/** A number as printed: what it was lies from `least` up to `most`. */
export interface Printed {
  least: number;
  most: number;
}

/** By metric, then by statistic ("avg", "p(95)", "count"); times in milliseconds. */
export type K6Text = Map<string, Map<string, Printed>>;

/** k6 cuts times behind a hundredth of their unit, and rounds numbers to six digits. */
const UNITS = { ns: 1e-6, µs: 1e-3, ms: 1, s: 1000 } as const;

/** The trends of the text. */
export function readK6Text(output: string): K6Text {
  const rows = output.matchAll(/^ +(\w+)\.+: (count=.*)$/gm);
  return new Map(
    [...rows].map(([, name = "", values = ""]) => [
      name,
      new Map(
        [...values.matchAll(/(\S+?)=(\S+)/g)].map(([, key = "", value = ""]) => [key, toPrinted(value)]),
      ),
    ]),
  );
}

function toPrinted(text: string): Printed {
  const [, digits = "", unit] = /^(-?[\d.]+)(ns|µs|ms|s)?$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === "" || Number.isNaN(value)) throw new Error(`\`${text}\` is no number of k6's summary.`);
  if (unit === undefined) return { least: value - 5e-7, most: value + 5e-7 };
  const factor = UNITS[unit as keyof typeof UNITS];
  return { least: value * factor, most: (value + (unit === "ns" ? 1 : 0.01)) * factor };
}

/**
 * A scenario without a summary of its own, so that k6 prints its text.
 * @param bundle path of the scenario that it is otherwise
 * @param loop a k6 scenario in place of the bundle's own load
 */
export function withoutSummary(bundle: string, loop?: object): string {
  const path = join(makeFolder(), "own.js");
  const load = loop === undefined ? "own" : `{ ...rest, scenarios: { own: ${JSON.stringify(loop)} } }`;
  const text = [
    `import script, * as all from ${JSON.stringify(bundle)};`,
    "const { options: own } = all;",
    "const { vus, duration, iterations, ...rest } = own;",
    `export const options = ${load};`,
    "export const setup = all.setup ?? (() => undefined);",
    "export default script;",
  ];
  writeFileSync(path, text.join("\n"));
  return path;
}
