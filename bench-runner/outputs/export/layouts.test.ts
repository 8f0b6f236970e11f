// The layouts: every figure is recalculated from the records with d3-array and plain code, and docs/layouts.md is up to date.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { deviation, max, mean, median, min, quantile, sum } from "d3-array";
import { beforeAll, describe, expect, it } from "vitest";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { toVerdict } from "../../../lib/core/request/verdict.ts";
import { config, outcome, writeJournal } from "../../../test/unit-support/examples/example-journal.ts";
import { exampleRecords } from "../../../test/unit-support/examples/example-records.ts";
import { fillTables, namesOfTables } from "../../cli/docs/docs-tables.ts";
import { exportRun } from "./export.ts";

const folder = join(mkdtempSync(join(tmpdir(), "export-")), "20231114T221320Z-local");
const lines = exampleRecords(400).filter(({ id }) => id !== 904);
const measured = lines.filter(({ labels }) => (labels.phase ?? "measure") === "measure");
const judged = measured.filter((line) => !["aborted", "interrupted"].includes(toVerdict(line)));
const complete = judged.filter((line) => toVerdict(line) === "complete");

const numbers = (values: (number | undefined)[]) => values.filter((value) => value !== undefined);
const usage = ({ fields }: RequestLine) => fields.completionTokens as number | undefined;
const ttfts = numbers(
  complete.map(({ firstTokenMs, sentMs }) =>
    firstTokenMs === undefined ? undefined : firstTokenMs - Number(sentMs),
  ),
);
const e2es = complete.map(({ endMs, sentMs }) => endMs - Number(sentMs));
const tpots = numbers(
  complete.map((line) =>
    (usage(line) ?? line.tokenEvents) > 1 && line.tokenEvents > 1
      ? (Number(line.lastTokenMs) - Number(line.firstTokenMs)) / ((usage(line) ?? line.tokenEvents) - 1)
      : undefined,
  ),
);
const outputs = complete.map((line) => usage(line) ?? line.tokenEvents);
const inputs = numbers(complete.map(({ fields }) => fields.promptTokens as number | undefined));
const gaps = complete.flatMap(({ gapsUs }) => gapsUs ?? []).map((us) => us / 1000);

/** Rounds nested numbers, so that the order of a sum's terms does not matter. */
function expectClose(actual: unknown, expected: unknown, place = ""): void {
  if (typeof expected === "number") {
    expect(Math.abs((actual as number) - expected), place).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(actual as object), place).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expectClose((actual as Record<string, unknown>)[key], value, `${place}.${key}`);
    }
  } else expect(actual, place).toEqual(expected);
}

const readText = (path: string) => readFileSync(join(folder, path), "utf8");
const readJson = (path: string) => JSON.parse(readText(path)) as Record<string, unknown>;

/** Complete requests of any phase that ended in the window of the measured ones. */
function toQps(): number {
  const from = min(measured, ({ startMs }) => startMs) as number;
  const to = max(measured, ({ endMs }) => endMs) as number;
  const inside = lines.filter(
    (line) => toVerdict(line) === "complete" && line.endMs >= from && line.endMs <= to,
  );
  return inside.length / ((to - from) / 1000);
}

/** The most output tokens in any 5 s of the window, in steps of 10 ms, per second; by plain code. */
function toPeak(): number {
  const from = min(measured, ({ startMs }) => startMs) as number;
  const to = max(measured, ({ endMs }) => endMs) as number;
  const arrivals = lines.flatMap((line) => {
    if (line.firstTokenMs === undefined) return [];
    let at = line.firstTokenMs;
    const times = [at, ...(line.gapsUs ?? []).map((us) => (at += us / 1000))];
    return times.map((time) => ({ time, weight: (usage(line) ?? line.tokenEvents) / line.tokenEvents }));
  });
  const whole = lines.filter(({ document }) => document);
  const steps = Math.floor((to - from) / 10) + 1;
  const sums = Array.from({ length: steps }, (_, step) => {
    const [begin, end] = [from + step * 10, from + (step + 500) * 10];
    const inside = arrivals.filter(({ time }) => time >= begin && time < end && time <= to);
    const spread = whole.map((line) => {
      const [sent, ended] = [Number(line.sentMs), line.endMs];
      const part = Math.max(0, Math.min(ended, end) - Math.max(sent, begin));
      return ((usage(line) ?? 0) * part) / (ended - sent);
    });
    return sum(inside, ({ weight }) => weight) + sum(spread);
  });
  return (max(sums) as number) / 5;
}

const notices: string[] = [];
beforeAll(async () => {
  mkdirSync(folder);
  writeJournal(join(folder, "records.jsonl"), lines);
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({
      ...config,
      iterations: lines.length,
      values: { ...config.values, modelAlias: "org/a model_1" },
    }),
  );
  writeFileSync(join(folder, "outcome.json"), JSON.stringify(outcome));
  const prompts = [
    { id: "doc-1", prompt: 'Say "hello"\n|🎉' },
    { id: "talk-1", prompt: "first", turns: [{ prompt: "second" }] },
  ];
  writeFileSync(join(folder, "prompts.jsonl"), prompts.map((row) => `${JSON.stringify(row)}\n`).join(""));
  await exportRun(
    folder,
    { formats: ["report-json,bench-jsonl", "result-dir"], force: false },
    { say: (text) => notices.push(text), print: () => {} },
  );
});

describe("report-json", () => {
  it("has the figures that the records give", () => {
    const four = (values: number[]) => ({
      min: (min(values) as number) / 1000,
      max: (max(values) as number) / 1000,
      avg: (mean(values) as number) / 1000,
      std: (deviation(values) as number) / 1000,
    });
    const report = readJson("report_20231114T221320Z-local.json");
    expectClose(
      { ...report, Throughput: 0 },
      {
        request_num: judged.length,
        fail_rate: 1 - complete.length / judged.length,
        TTFT: four(ttfts),
        TPOT: four(complete.map((_, index) => (e2es[index] as number) / (outputs[index] as number))),
        Throughput: 0,
      },
    );
    expect(report.Throughput).toBeCloseTo(toPeak(), 6);
    expect(report.Throughput).toBeGreaterThan(
      readJson("result/20231114_221320/metrics.json").o_tps as number,
    );
  });

  it("has no SLO, and gives the reason", () => {
    expect(notices).toEqual(["report-json: `SLO` is absent: the run has no service level objectives."]);
  });
});

describe("bench-jsonl", () => {
  const name = "bench_127.0.0.1-8080_org-a-model-1_script_20231114_221320";

  it("has a line for each request that succeeded or failed", () => {
    const rows = readText(`results/raw/${name}.jsonl`)
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(rows).toHaveLength(judged.length);
    for (const [index, line] of judged.entries()) {
      const isComplete = toVerdict(line) === "complete";
      const seconds = (line.endMs - Number(line.sentMs)) / 1000;
      const output = usage(line) ?? (line.document ? undefined : line.tokenEvents);
      const expected = {
        timestamp: (1_700_000_000_000 + (line.sentMs ?? line.startMs)) / 1000,
        model: "org/a model_1",
        prompt: line.labels.row === "doc-1" ? 'Say "hello"\n|🎉' : undefined,
        ttft:
          isComplete && line.firstTokenMs !== undefined
            ? (line.firstTokenMs - Number(line.sentMs)) / 1000
            : undefined,
        total_time: isComplete ? seconds : undefined,
        input_tokens: line.fields.promptTokens,
        output_tokens: isComplete ? output : undefined,
        tokens_per_sec: isComplete && output !== undefined ? output / seconds : undefined,
        success: isComplete,
        target: "127.0.0.1:8080",
        workload: "script",
        run: "20231114T221320Z-local",
      };
      const known = Object.entries(expected).filter(([, value]) => value !== undefined);
      const { warnings, ...row } = rows[index] as Record<string, unknown>;
      expect(Array.isArray(warnings), "the first line has the run's warnings").toBe(index === 0);
      expectClose(row, Object.fromEntries(known), `line ${index}`);
    }
  });

  it("has a summary and a report of the same figures", () => {
    const rows = parse(readText(`results/summary/${name}.csv`), { columns: true }) as Record<
      string,
      string
    >[];
    const four = (values: number[], factor = 1) => [
      (mean(values) as number) * factor,
      (median(values) as number) * factor,
      (quantile(values, 0.95) as number) * factor,
      (quantile(values, 0.99) as number) * factor,
    ];
    const rates = complete.map((_, index) => ((outputs[index] ?? 0) / (e2es[index] ?? 0)) * 1000);
    const slowRates = [mean(rates), median(rates), quantile(rates, 0.05), quantile(rates, 0.01)] as number[];
    const expected = [four(ttfts), four(e2es, 1 / 1000), slowRates];
    for (const [index, values] of expected.entries()) {
      const { mean: a, median: b, p95, p99 } = rows[index] as Record<string, string>;
      expect([a, b, p95, p99].map(Number)).toEqual(values.map((value) => Number(value.toPrecision(6))));
    }
    expect(rows[3]).toMatchObject({ metric: "Success Rate (%)", median: "", p95: "", p99: "" });
    expect(Number(rows[3]?.mean)).toBeCloseTo((100 * complete.length) / judged.length, 3);
    const report = readText("results/reports/benchmark_report.md");
    expect(report).toContain("| Metric | Mean | Median | P95 | P99 |");
    expect(report).toContain(`| TTFT (ms) | ${Number((mean(ttfts) as number).toPrecision(4))} |`);
    expect(report).toContain("## script · 127.0.0.1:8080 · org/a model_1\n");
  });
});

describe("result-dir", () => {
  it("has the figures that the records give", () => {
    const seven = (values: number[]) => ({
      max: max(values),
      min: min(values),
      mean: mean(values),
      median: median(values),
      std: deviation(values),
      p90: quantile(values, 0.9),
      p99: quantile(values, 0.99),
    });
    const { o_tps, io_tps, ITL, ...metrics } = readJson("result/20231114_221320/metrics.json");
    expectClose(metrics, {
      completed: complete.length,
      success_rate: complete.length / judged.length,
      qps: toQps(),
      total_inlen: sum(inputs),
      total_outlen: sum(outputs),
      avg_inlen: mean(inputs),
      avg_outlen: mean(outputs),
      max_inlen: max(inputs),
      max_outlen: max(outputs),
      TTFT: seven(ttfts),
      TPOT: seven(tpots),
      E2E_TIME: seven(e2es),
    });
    const itl = ITL as Record<string, number>;
    for (const [name, value] of Object.entries(seven(gaps))) {
      expect(Math.abs((itl[name] as number) - Number(value)), name).toBeLessThanOrEqual(
        0.001 * Number(value) + 1e-9,
      );
    }
    expect(o_tps).toBeGreaterThan(0);
    expect(io_tps).toBeGreaterThan(o_tps as number);
  });
});

describe("docs/layouts.md", () => {
  const text = readFileSync(new URL("../../../docs/layouts.md", import.meta.url), "utf8");

  it("is up to date with the code", () => {
    expect(text, "out of date: run `node bench-runner/cli/docs/write-docs.ts`").toBe(fillTables(text));
    expect(namesOfTables(text)).toEqual([
      "export-formats",
      "record-columns",
      "report-json",
      "bench-jsonl",
      "bench-summary",
      "result-dir",
      "task-csv",
    ]);
  });
});
