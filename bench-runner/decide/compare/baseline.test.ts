// Folders and baseline files as sides: both give the same, and anything else is refused.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../lib/core/prompts/random.ts";
import {
  config,
  outcome,
  request,
  writeJournal,
} from "../../../test/unit-support/examples/example-journal.ts";
import { readRunInput } from "../../summary/run-input.ts";
import { summarize } from "../../summary/summarize.ts";
import { comparePair } from "./comparison.ts";
import { loadFolders, loadSide } from "./load-side.ts";
import { saveBaseline } from "./save-baseline.ts";
import type { Side } from "./side.ts";

const folder = mkdtempSync(join(tmpdir(), "baseline-"));
afterAll(() => rmSync(folder, { recursive: true }));
const print = () => {};

/** A run folder with a journal of requests whose TTFT is about `ttftMs`. */
function makeRun(name: string, ttftMs: number, { seed = 1, values = {} } = {}): string {
  const path = join(folder, name);
  const random = createRandom(seed);
  const lines = Array.from({ length: 200 }, (_, id) => {
    const startMs = id * 100;
    const firstMs = startMs + ttftMs * (0.8 + 0.4 * random());
    const times = {
      firstTokenMs: firstMs,
      firstContentMs: firstMs,
      lastTokenMs: firstMs + 30,
      endMs: firstMs + 31,
    };
    return request(id, startMs, { ...times, vu: id % 8 });
  });
  mkdirSync(path, { recursive: true });
  writeJournal(join(path, "records.jsonl"), lines);
  const run = { ...config, iterations: 200, values: { ...config.values, ...values } };
  writeFileSync(join(path, "config.json"), JSON.stringify(run));
  writeFileSync(join(path, "outcome.json"), JSON.stringify(outcome));
  return path;
}

const compareSides = (base: Side, next: Side) =>
  comparePair(base, next, "new", { confidence: 0.95, allow: [] }, []);
const one = makeRun("one", 100);
const slower = makeRun("slower", 150, { seed: 2 });
for (const number of [1, 2, 10]) makeRun(`group/repeat-${number}`, 100 + number, { seed: number });
const group = join(folder, "group");

describe("a baseline file", () => {
  it.each([
    ["one run", one],
    ["repeats", group],
  ])("made from %s gives the same comparison as its folder, and fits its schema", async (name, source) => {
    const output = join(folder, `${name}.json`);
    await saveBaseline([source], { output }, { print });
    const [file, folders, next] = [await loadSide(output), await loadSide(source), await loadSide(slower)];
    expect(compareSides(file, next)).toEqual(compareSides(folders, next));
    expect(compareSides(next, file)).toEqual(compareSides(next, folders));
    expect(compareSides(file, next).metrics.find(({ key }) => key === "ttft.p95")?.verdict).toBe("worse");
    expect(statSync(output).size).toBeLessThan(20_000);

    const read = (schema: string) =>
      JSON.parse(
        readFileSync(new URL(`../../../docs/schemas/${schema}.schema.json`, import.meta.url), "utf8"),
      );
    const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).addSchema(read("summary"));
    const validate = ajv.compile(read("baseline"));
    validate(JSON.parse(readFileSync(output, "utf8")));
    expect(validate.errors).toBeNull();
    validate({ ...JSON.parse(readFileSync(output, "utf8")), runs: [] });
    expect(validate.errors).toHaveLength(1);
  });

  it("is overwritten only with `--force`", async () => {
    const output = join(folder, "kept.json");
    writeFileSync(output, "mine");
    await expect(saveBaseline([one], { output }, { print })).rejects.toThrow(
      `${output} already exists. Overwrite it with \`--force\``,
    );
    expect(readFileSync(output, "utf8")).toBe("mine");
    await saveBaseline([one], { output, force: true }, { print });
    expect((await loadSide(output)).schema).toBe("server-bench/baseline/1");
  });
});

describe("a folder", () => {
  it("with one run has estimates by blocks, for the figures of its summary", async () => {
    const { estimates, runs } = await loadSide(one);
    const { metrics } = runs[0]?.figures ?? {};
    expect(estimates?.["ttft.p95"]?.value).toBe(metrics?.ttft?.p95);
    expect(estimates?.["itl.median"]?.value).toBe(metrics?.itl?.median);
    expect(estimates?.["ttft.p95"]?.error?.below).toBeGreaterThan(0);
    expect(estimates?.success).toMatchObject({ value: 1, trials: 200 });
    expect(estimates?.outputTokensPerSecond?.error?.degrees).toBeGreaterThanOrEqual(4);
  });

  it("with repeats has them in the order of their numbers, and no estimates of one run", async () => {
    const { runs, estimates } = await loadSide(group);
    expect(estimates).toBeUndefined();
    const medians = runs.map(({ figures }) => figures.metrics.ttft?.median ?? 0);
    expect(medians[2]).toBeGreaterThan(medians[0] as number);
    expect(medians).toHaveLength(3);
  });

  it("without a journal keeps its figures, with a note", async () => {
    const path = makeRun("bare", 100);
    const { runs } = await loadSide(path);
    writeFileSync(join(path, "summary.json"), JSON.stringify(await summaryOf(path)));
    rmSync(join(path, "records.jsonl"));
    const bare = await loadSide(path);
    expect(bare.runs[0]?.figures.metrics.ttft).toEqual(runs[0]?.figures.metrics.ttft);
    expect(bare.estimates).toBeUndefined();
    expect(bare.notes).toEqual([
      "`bare` no longer has a journal: intervals and charts do without its requests.",
    ]);
  });
});

async function summaryOf(path: string) {
  const input = readRunInput({ file: (name) => join(path, name) });
  return input && summarize(input);
}

describe("what is refused", () => {
  it("runs of different loads as one side", async () => {
    const other = makeRun("other", 100, { values: { maxTokens: 128 } });
    await expect(loadFolders([one, other])).rejects.toThrow(
      "Repeats must have the same load, but `max-tokens`: 64 in `one`, 128 in `other`. Give them as separate sides.",
    );
  });

  it("an empty folder, a file that is not a baseline, a missing path", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    await expect(loadSide(empty)).rejects.toThrow("it contains neither a run nor repeats");
    await expect(loadSide(join(folder, "nowhere"))).rejects.toThrow("it does not exist");
    await expect(loadSide(join(one, "config.json"))).rejects.toThrow(
      "is not a baseline: its schema is `server-bench/config/1`",
    );
    await expect(loadSide(join(one, "records.jsonl"))).rejects.toThrow("it is not valid JSON");
  });
});
