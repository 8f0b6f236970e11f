import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { K6_METRICS } from "../../../lib/core/request/k6-metrics.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { inProject } from "../../platform/project-root.ts";
import { DOCS_TABLES, fillTables, namesOfTables } from "./docs-tables.ts";
import { findDocuments } from "./documents.ts";
import { fillSummarySchema } from "./summary-schema.ts";

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");

describe("the documents", () => {
  test.each([
    ["metrics", "docs/metrics.md"],
    ["options", "docs/options.md"],
    ["shape-options", "docs/options.md"],
    ["runner-options", "docs/options.md"],
    ["apis", "docs/apis.md"],
    ["dialects", "docs/apis.md"],
    ["exit-codes", "docs/ci.md"],
  ])("the generated table %s is in %s", (name, document) => {
    const remedy = "add the block and run `node bench-runner/cli/docs/write-docs.ts`";
    expect(namesOfTables(read(document)), `<!-- table: ${name} --> is missing: ${remedy}`).toContain(name);
  });

  test.each(findDocuments())("the generated tables of %s are up to date", (name) => {
    const text = read(name);
    expect(text, "out of date: run `node bench-runner/cli/docs/write-docs.ts`").toBe(fillTables(text));
  });

  test.each([
    ["README.md", 12],
    ["ARCHITECTURE.md", 6],
  ])("%s is no larger than %d KB", (name, kilobytes) => {
    expect(Buffer.byteLength(read(name))).toBeLessThanOrEqual(kilobytes * 1024);
  });

  test.each(findDocuments())("the links of %s lead to files and headings that exist", (name) => {
    for (const [, target] of read(name).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target as string)) continue;
      const [path, heading] = (target as string).split("#");
      const file = path === "" ? name : join(dirname(name), path as string);
      expect(existsSync(inProject(file)), `${name}: ${target}`).toBe(true);
      if (heading === undefined || !file.endsWith(".md")) continue;
      const anchors = [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, text]) => toAnchor(text as string));
      expect(anchors, `${name}: ${target}`).toContain(heading);
    }
  });

  test.each([
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    ...findDocuments().filter((name) => name.startsWith("docs/design")),
  ])("the paths that %s names exist", (name) => {
    const paths = read(name).matchAll(
      /`((?:bench-runner|lib|test|xk6-sse|scenarios|bench|setup|examples|datasets|docs)\/[\w./-]+)`/g,
    );
    // NAME is what the reader chooses.
    for (const [, path] of [...paths].filter(([, path]) => !path?.includes("NAME")))
      expect(existsSync(inProject(path as string)), `${name}: ${path}`).toBe(true);
  });
});

/** As GitHub makes them. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/ /g, "-");
}

test("summary.schema.json has the metrics of the table", () => {
  const text = read("docs/schemas/summary.schema.json");
  expect(text, "out of date: run `node bench-runner/cli/docs/write-docs.ts`").toBe(fillSummarySchema(text));
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
    expect(() => fillTables("<!-- table: metric -->\n<!-- /table -->")).toThrow(
      /Unknown table `metric`.*metrics/,
    );
  });
});
