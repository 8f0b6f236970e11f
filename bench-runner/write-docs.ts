// Rewrites the generated tables of the documents: `node bench-runner/write-docs.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { fillTables } from "./docs-tables.ts";

for (const name of ["README.md", "docs/layouts.md"]) {
  const path = new URL(`../${name}`, import.meta.url);
  const before = readFileSync(path, "utf8");
  const after = fillTables(before);
  if (after !== before) writeFileSync(path, after);
  process.stdout.write(`${name}: ${after === before ? "up to date" : "tables rewritten"}\n`);
}
