import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { K6_METRICS } from "../../../lib/core/request/k6-metrics.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { DOCS_TABLES, fillTables, namesOfTables } from "./docs-tables.ts";

const REMEDY = "add the block and run `node bench-runner/cli/docs/write-docs.ts`";
const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

describe("README.md", () => {
  test.each(["metrics", "options", "runner-options"])("has the generated table %s", (name) => {
    expect(namesOfTables(readme), `<!-- table: ${name} --> is missing: ${REMEDY}`).toContain(name);
  });

  test("its generated tables are what the code says", () => {
    expect(readme, "out of date: run `node bench-runner/cli/docs/write-docs.ts`").toBe(fillTables(readme));
  });
});

describe("the tables", () => {
  test("name every k6 metric and every option", () => {
    for (const { k6Name } of K6_METRICS) expect(DOCS_TABLES.metrics()).toContain(`\`${k6Name}\``);
    for (const spec of Object.values(LOAD_OPTIONS))
      expect(DOCS_TABLES.options()).toContain(`\`${spec.variable}\``);
    const rows = DOCS_TABLES["runner-options"]().split("\n");
    expect(rows).toHaveLength(Object.keys(RUNNER_OPTIONS).length + 2);
  });

  test("fill their block and leave the rest alone", () => {
    const filled = fillTables("a\n<!-- table: dialects -->\nold\n<!-- /table -->\nb\n");
    expect(filled).toMatch(
      /^a\n<!-- table: dialects -->\n\n\| dialect[\s\S]*`chat-completions`[\s\S]*<!-- \/table -->\nb\n$/,
    );
    expect(fillTables(filled)).toBe(filled);
  });

  test("an unknown name is an error that lists the known ones", () => {
    expect(() => fillTables("<!-- table: metric -->\n<!-- /table -->")).toThrow(/no table `metric`.*metrics/);
  });
});
