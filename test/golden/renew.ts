// Rewrites the metrics of the golden vectors, and the dialects as JSON, after a deliberate change, and prints each
// difference: `npm run golden`.
//
// The facts stay: they are what the bytes say, and Go is tested against them.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { derive, readVectors, toRounded, type Vector } from "./vectors.ts";
import { writeDialects } from "./write-dialects.ts";

const METRICS_LINE = /^ {2}"metrics": .*$/m;

/** One line a difference; values that are the same to nine digits stay as they were written. */
function renew(vector: Vector): string[] {
  const before: Record<string, unknown> = { ...vector.metrics };
  const was = toRounded(vector.metrics);
  const is = toRounded(derive(vector));
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(was[key], is[key]));
  if (changed.length === 0) return [];
  const after = keys
    .filter((key) => key in is)
    .map((key) => `${JSON.stringify(key)}: ${toText(changed.includes(key) ? is[key] : before[key])}`);
  const text = readFileSync(vector.path, "utf8");
  if (!METRICS_LINE.test(text)) {
    throw new Error(`${vector.path.pathname}: expected \`metrics\` on a line of its own, indented by two blanks.`);
  }
  writeFileSync(
    vector.path,
    text.replace(METRICS_LINE, () => `  "metrics": {${after.join(", ")}}`),
  );
  return changed.map((key) => `${key}: ${toText(was[key])} → ${toText(is[key])}`);
}

function toText(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value).replaceAll('","', '", "');
}

let renewed = 0;
for (const vector of readVectors()) {
  const differences = renew(vector);
  if (differences.length === 0) continue;
  renewed++;
  process.stdout.write(`${basename(vector.path.pathname)}\n${differences.map((line) => `  ${line}\n`).join("")}`);
}
process.stdout.write(
  renewed === 0
    ? "All golden vectors are up to date.\n"
    : `${renewed} golden vectors are rewritten: read the differences, commit them with the change that they follow from.\n`,
);

for (const file of writeDialects()) process.stdout.write(`dialects/${file} is rewritten or removed.\n`);
