// Many prompts: how long a run takes until its clients have begun, in how much memory, and what a row costs at its use.
import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { writeRows } from "../../bench-runner/load/write-prompts.ts";
import { prepareDataset } from "../../bench-runner/prompts/datasets/prepare.ts";
import { readyPrompts } from "../../bench-runner/prompts/ready-prompts.ts";
import { wordsCounter } from "../../bench-runner/prompts/tokens/words-counter.ts";
import { readJournal } from "../../bench-runner/run-folder/journal-reader.ts";
import { resolveLoad } from "../../lib/core/options/resolve-load.ts";
import { toSyntheticPrompt } from "../../lib/core/prompts/synthetic-prompt.ts";
import { journalOf, runClient } from "../client.ts";
import { type PartContext, runTrial } from "../part.ts";
import { K6, ROWS_SCRIPT } from "../programs.ts";
import { type Spread, toSpread } from "../spread.ts";

export interface PromptsResult {
  prompts: number;
  clients: number;
  megabytes: number;
  /** Milliseconds of the runner: reading and filtering the dataset once, then choosing and writing the rows of a run. */
  prepareMs: Spread;
  chooseMs: Spread;
  /** From the start of k6 until every client has sent a request. */
  startMs: Spread;
  peakMb: Spread;
  /** By the characters of a row's prompt: microseconds. */
  rowMicros: Record<string, Spread>;
}

type Numbers = Record<string, number[]>;

const CLIENTS = 200;
const WORKLOAD = { tokens: 8, pace: "10ms", "first-token": "50ms" };

function writeDataset(path: string, prompts: number, words: number): void {
  for (let at = 0; at < prompts; at += 1000) {
    const rows = Array.from({ length: Math.min(1000, prompts - at) }, (_, index) => ({
      id: `p-${at + index}`,
      task: "chat",
      prompt: toSyntheticPrompt(words, 1, at + index),
      answerTokens: 100,
    }));
    appendFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  }
}

/** When the last of the clients began, on the wall clock. */
async function readLastStart(journal: string): Promise<number> {
  const first = new Map<number, number>();
  let epochMs = 0;
  for await (const line of readJournal(journal)) {
    if (line.type === "header") epochMs = line.epochUnixMs;
    if (line.type === "request" && !first.has(line.vu)) first.set(line.vu, line.startMs);
  }
  return epochMs + Math.max(...first.values());
}

async function timeRow(rows: string): Promise<number> {
  const { all } = await execa(K6, ["run", "--quiet", "--no-color", ROWS_SCRIPT], {
    env: { SERVER_BENCH_ROWS: rows, K6_AUTO_EXTENSION_RESOLUTION: "false", K6_NO_USAGE_REPORT: "true" },
    all: true,
    timeout: 60_000,
  });
  return Number(/row costs ([\d.]+) us/.exec(all)?.[1]);
}

async function runOnce(
  folder: string,
  prompts: number,
  say: PartContext["say"],
): Promise<Record<string, number>> {
  const [dataset, prepared, rows] = ["dataset", "prepared", "rows"].map((name) =>
    join(folder, `${name}.jsonl`),
  ) as [string, string, string];
  rmSync(rows, { force: true });
  const { load } = resolveLoad({ flags: { "n-prompts": String(prompts) } });
  const beganMs = performance.now();
  await prepareDataset(dataset, prepared, load);
  const preparedMs = performance.now();
  const ready = await readyPrompts([{ path: prepared, name: "dataset" }], load, wordsCounter);
  writeRows(rows, ready.rows);
  const chosenMs = performance.now();
  let spawnedMs = 0;
  const requests = CLIENTS * 10;
  const env = { SERVER_BENCH_ROWS: rows };
  const { client, found } = await runTrial(
    {
      kind: (server, own) => {
        spawnedMs = performance.timeOrigin + performance.now();
        return runClient("record", server, own);
      },
      workload: WORKLOAD,
      load: { streams: CLIENTS, requests, env },
    },
    (at) => readLastStart(journalOf(at)),
  );
  const figures = {
    prepareMs: preparedMs - beganMs,
    chooseMs: chosenMs - preparedMs,
    startMs: found - spawnedMs,
    peakMb: client.maxRssBytes / 1e6,
  };
  say(
    `${prompts} prompts: ${CLIENTS} clients began after ${figures.startMs.toFixed(0)} ms, ${figures.peakMb.toFixed(0)} MB`,
  );
  return figures;
}

export async function runPrompts({ repeats, isQuick, say }: PartContext): Promise<PromptsResult> {
  const prompts = isQuick ? 2000 : 100_000;
  const folder = mkdtempSync(join(tmpdir(), "bench-prompts-"));
  try {
    const dataset = join(folder, "dataset.jsonl");
    writeDataset(dataset, prompts, 200);
    const sizes: Record<string, string> = {};
    for (const words of [20, 200, 800]) {
      sizes[String(words * 5)] = join(folder, `rows-${words}.jsonl`);
      writeDataset(join(folder, `rows-${words}.jsonl`), 2000, words);
    }
    const figures: Numbers = {};
    const micros: Numbers = {};
    const add = (numbers: Numbers, key: string, value: number) => {
      numbers[key] = [...(numbers[key] ?? []), value];
    };
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [key, value] of Object.entries(await runOnce(folder, prompts, say)))
        add(figures, key, value);
      for (const [size, path] of Object.entries(sizes)) add(micros, size, await timeRow(path));
    }
    const of = (key: string) => toSpread(figures[key] as number[]);
    return {
      prompts,
      clients: CLIENTS,
      megabytes: statSync(dataset).size / 1e6,
      prepareMs: of("prepareMs"),
      chooseMs: of("chooseMs"),
      startMs: of("startMs"),
      peakMb: of("peakMb"),
      rowMicros: Object.fromEntries(Object.entries(micros).map(([size, values]) => [size, toSpread(values)])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
