// Writes the dialects as the JSON files that the Go tests read, one each, and removes those of dialects that are gone.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DIALECTS } from "../../lib/core/apis/apis.ts";

/** The text of each dialect's file, by its name in `dialects/`. */
export function toDialectFiles(): Map<string, string> {
  return new Map(
    Object.entries(DIALECTS).map(([name, dialect]) => [
      `${name}.json`,
      `${JSON.stringify(dialect, undefined, 2)}\n`,
    ]),
  );
}

/** @returns the names of the files that changed */
export function writeDialects(folder = new URL("dialects/", import.meta.url)): string[] {
  const wanted = toDialectFiles();
  const present = readdirSync(folder);
  const gone = present.filter((file) => !wanted.has(file));
  for (const file of gone) rmSync(new URL(file, folder));
  const changed = [...wanted].filter(
    ([file, text]) => !present.includes(file) || readFileSync(new URL(file, folder), "utf8") !== text,
  );
  for (const [file, text] of changed) writeFileSync(new URL(file, folder), text);
  return [...gone, ...changed.map(([file]) => file)].sort();
}
