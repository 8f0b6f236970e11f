import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../config/config.ts";
import { openPromptSources } from "./prompt-sources.ts";

const folder = mkdtempSync(join(tmpdir(), "prompt-sources-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const samples = join(folder, "samples_1024.json");
writeFileSync(samples, JSON.stringify([["Explain how tides work", 5, 120]]));
const rows = join(folder, "rows.jsonl");
writeFileSync(rows, '{"prompt":"Explain how tides work","output_tokens":120}\n');

async function open(flags: Record<string, string>) {
  const config = resolveConfig({ flags: { url: "http://localhost:1", ...flags }, variables: {} });
  const { options, notices } = await openPromptSources(config, { XDG_CACHE_HOME: folder });
  return { asked: [options.outputTokens, options.outputLength], notices };
}

describe("prompts with their lengths, as in samples_1024.json", () => {
  it("fix the length of each answer where no option does", async () => {
    const { asked, notices } = await open({ dataset: samples });
    expect(asked).toEqual(["dataset", "exact"]);
    expect(notices).toEqual([
      `Dataset ${samples}: each answer is exactly as long as its third column says (\`--output-tokens\` and \`--max-tokens\` set other lengths).`,
    ]);
  });

  it("limit it where the API cannot be asked for an exact length", async () => {
    const { asked, notices } = await open({ dataset: samples, endpoint: "amsv2" });
    expect(asked).toEqual(["dataset", "limit"]);
    expect(notices[0]).toContain("because `--endpoint amsv2` cannot ask for an exact length");
  });

  it("give way to an option, which is said", async () => {
    const { asked, notices } = await open({ dataset: samples, "max-tokens": "64" });
    expect(asked[0]).toBeUndefined();
    expect(notices[0]).toContain("which the run does not request: `--output-tokens dataset` does");
    expect((await open({ dataset: samples, "output-tokens": "9" })).asked[0]).toBe("9");
  });

  it("differ from rows that happen to note a length", async () => {
    const { asked, notices } = await open({ dataset: rows });
    expect(asked[0]).toBeUndefined();
    expect(notices[0]).toContain("which the run does not request");
  });
});

describe("one task that is asked for", () => {
  it("is that of all rows of a dataset that names none", async () => {
    const config = resolveConfig({
      flags: { url: "http://localhost:1", dataset: rows, mix: '["qa=1"]' },
      variables: {},
    });
    const { sources } = await openPromptSources(config, { XDG_CACHE_HOME: folder });
    expect(sources.map(({ part }) => part)).toEqual([{ task: "qa", weight: 1, dataset: rows }]);
  });

  it("is refused where the dataset has others", async () => {
    const dataset = join(folder, "tasks.jsonl");
    writeFileSync(dataset, '{"prompt":"Explain how tides work","task":"chat"}\n');
    const flags = { url: "http://localhost:1", dataset, mix: '["qa=1"]' };
    await expect(
      openPromptSources(resolveConfig({ flags, variables: {} }), { XDG_CACHE_HOME: folder }),
    ).rejects.toThrow("has that task; its tasks are chat");
  });
});
