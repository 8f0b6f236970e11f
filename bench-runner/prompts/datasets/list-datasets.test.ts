import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inProject } from "../../platform/project-root.ts";
import { KNOWN_DATASETS, OWN_PROMPTS } from "./known-datasets.ts";
import { listDatasets } from "./list-datasets.ts";

it("lists every name with its licence, and where the fetched ones are", () => {
  const cache = mkdtempSync(join(tmpdir(), "list-datasets-"));
  try {
    const folder = join(cache, "server-bench/datasets");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "humaneval.parquet"), "");
    const text = listDatasets({ XDG_CACHE_HOME: cache });
    for (const [name, { repo, licence }] of Object.entries(KNOWN_DATASETS)) {
      expect(text).toContain(`\n${name} `);
      expect(text).toContain(repo);
      expect(text).toContain(`licence ${licence}`);
    }
    expect(text).toContain("licence MIT · ".concat(join(folder, "humaneval.parquet")));
    expect(text).toContain("not fetched: `datasets fetch sharegpt`");
    expect(text).toMatch(/gated: accept its terms .*`datasets fetch arena`/);
  } finally {
    rmSync(cache, { recursive: true });
  }
});

it("knows how many prompts of its own the project has", async () => {
  const text = await readFile(inProject(OWN_PROMPTS.file), "utf8");
  expect(text.trim().split("\n")).toHaveLength(OWN_PROMPTS.rows);
});
