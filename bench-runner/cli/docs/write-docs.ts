// Regenerates the tables of the documents, the schemas of configuration files and the metrics of the summary's schema: `node bench-runner/cli/docs/write-docs.ts`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CONFIG_SCHEMAS, toConfigSchemaText } from "../../config/files/schemas.ts";
import { fillTables } from "./docs-tables.ts";
import { findDocuments } from "./documents.ts";
import { fillSummarySchema } from "./summary-schema.ts";

for (const name of findDocuments()) {
  write(new URL(`../../../${name}`, import.meta.url), fillTables);
}

for (const name of CONFIG_SCHEMAS) {
  write(new URL(`../../../docs/schemas/${name}.schema.json`, import.meta.url), () =>
    toConfigSchemaText(name),
  );
}

write(new URL("../../../docs/schemas/summary.schema.json", import.meta.url), fillSummarySchema);

function write(path: URL, make: (before: string) => string): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const after = make(before);
  if (after !== before) writeFileSync(path, after);
  const name = path.pathname.split("/").slice(-2).join("/");
  process.stdout.write(`${name}: ${after === before ? "up to date" : "rewritten"}\n`);
}
