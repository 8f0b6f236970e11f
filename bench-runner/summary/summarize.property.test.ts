// Every number of a summary, for any run, equals what independent libraries calculate from the journal's lines.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { VERDICTS } from "../../lib/core/request/verdict.ts";
import { writeJournal } from "../../test/unit-support/examples/example-journal.ts";
import { createSchemaCheck } from "../../test/unit-support/examples/schema-check.ts";
import { FATES } from "../../test/unit-support/generated/generated-fates.ts";
import { type GeneratedRun, generatedRun } from "../../test/unit-support/generated/generated-journal.ts";
import { draft, toLine } from "../../test/unit-support/generated/generated-request.ts";
import { judge } from "../../test/unit-support/oracle/verify-formulas.ts";
import { putCertified, putStatistics } from "../../test/unit-support/oracle/verify-statistics.ts";
import { compareWithJournal, flatten } from "../../test/unit-support/oracle/verify-summary.ts";
import { casesOf } from "../../test/unit-support/random-cases.ts";
import { toStatistics } from "../statistics/statistics.ts";
import { summarize } from "./summarize.ts";
import type { Summary } from "./summary.ts";

const folder = mkdtempSync(join(tmpdir(), "summarize-property-"));
afterAll(() => rmSync(folder, { recursive: true }));
const records = join(folder, "records.jsonl");
const summaryFaults = createSchemaCheck("summary");
const recordFaults = createSchemaCheck("record");

async function check({ lines, input }: GeneratedRun): Promise<Summary> {
  writeJournal(records, lines);
  const summary = await summarize({ records, ...input });
  expect(compareWithJournal(summary, records, { records, ...input })).toEqual([]);
  expect(summaryFaults(summary)).toBe("");
  return summary;
}

test("every number of any run's summary follows from its journal", { timeout: 180_000 }, async () => {
  const property = fc.asyncProperty(generatedRun, async (run) => {
    await check(run);
  });
  await fc.assert(property, { numRuns: casesOf(80) });
});

test("generated runs cover every part of a summary that follows from a journal", {
  timeout: 180_000,
}, async () => {
  const seen = new Set<string>();
  for (const run of fc.sample(generatedRun, { numRuns: 40, seed: 20_261_124 })) {
    const summary = await check(run);
    for (const key of Object.keys(flatten(summary))) seen.add(key);
    seen.add(`window by ${summary.window?.endedBy}`);
  }
  const statistics = ["count", "min", "mean", "max", "standardDeviation", "median", "p90", "p95", "p99"];
  const missing = [
    ...["window by duration", "window by requests", "window by undefined"],
    ...VERDICTS.map((verdict) => `requests.byVerdict.${verdict}`),
    ...["warmup", "cooldown"].map((phase) => `requests.${phase}`),
    ...["ttft", "scheduledTtft", "tpot", "itl", "cachedTokens", "inputTokens", "connect"].flatMap((metric) =>
      statistics.map((statistic) => `metrics.${metric}.${statistic}`),
    ),
    ...["metrics.e2e.certified.p90", "metrics.ttft.certified.p95", "steady.metrics.tpot.certified.p90"],
    ...["steady.metrics.itl.p99", "steady.throughput.totalTokensPerSecond", "histograms.ttft.bins.5.2"],
    ...["groups.task.2.metrics.itl.p99", "groups.turn.2.rates.success", "conversations.turnsUnsent"],
    ...["arrivals.heldBackMeanMs", "arrivals.offeredPerSecond", "precision.sendDelayMs.p99"],
    ...["gpus.energyJoules", "gpus.joulesPerOutputToken", "client.k6CpuCores", "host.cpuCores.mean"],
    ...["metrics.ttft.range.lower.p99", "metrics.tpot.range.upper.certified.p90"],
    ...["metrics.promptTokensPerSecond.range.lower.min", "steady.metrics.ttft.range.lower.mean"],
    ...["groups.task.0.metrics.ttft.range.lower.p95", "precision.uncertainGaps", "precision.packetMisses"],
    ...["goodput.slos.0.uncertain", "precision.firstTokenRanges"],
    ...["goodput.perSecond", "goodput.slos.1.met", "goodput.slos.0.unjudged"],
    ...["reconciliation.completionTokens.allowed"],
  ].filter((key) => !seen.has(key));
  expect(missing).toEqual([]);
});

/** Parts that do not come from the journal, or that have no numbers of their own: they have separate tests. */
const ELSEWHERE =
  /^(schema|run|configuration|environment|warnings|thresholds|requirements|calibration|crossCheck|prompts|saturation|server)\b/;
const SERVER_SIDE = /^reconciliation\.\w+\.(server|difference)$/;

test("no number of a summary is left out: each wrong one is detected", { timeout: 180_000 }, async () => {
  for (const run of fc.sample(generatedRun, { numRuns: 12, seed: 7 })) {
    const summary = await check(run);
    const isProved = (key: string) => !ELSEWHERE.test(key) && !SERVER_SIDE.test(key);
    const off = compareWithJournal(offByOne(summary), records, { records, ...run.input });
    const seen = new Set(off.map((complaint) => complaint.replace(/: the summary says .*/, "")));
    const { errors, groups, ...rest } = summary;
    const keys = Object.keys(flatten(rest)).filter(isProved);
    expect(keys.filter((key) => !seen.has(key))).toEqual([]);
    for (const { verdict, kind } of errors) expect(seen).toContain(`errors.${verdict} ${kind}`);
    for (const [label, named] of Object.entries(groups ?? {})) {
      for (const group of named) {
        const own = Object.keys(flatten(group)).map((key) => `groups.${label}.${group.name}.${key}`);
        expect(own.filter((key) => !seen.has(key))).toEqual([]);
      }
    }
  }
});

/** The same with every number changed. */
function offByOne<T>(value: T): T {
  if (typeof value === "number") return (value * 1.01 + 1) as T;
  if (Array.isArray(value)) return value.map(offByOne) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, offByOne(part)])) as T;
}

test("a generated request is a valid line of a journal, and has the intended verdict", () => {
  fc.assert(
    fc.property(draft, (draft) => {
      const { line } = toLine(draft, { id: 1, vu: 1, startUs: 5000, labels: {} });
      expect(recordFaults(line)).toBe("");
      expect(judge(line)).toBe(FATES[draft.fate].verdict);
    }),
    { numRuns: 500 },
  );
});

test("statistics of any values equal those of the libraries", () => {
  const value = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.nat(1000));
  const values = fc.oneof(
    fc.array(value, { minLength: 1 }),
    fc.array(value, { minLength: 64, maxLength: 700 }),
  );
  fc.assert(
    fc.property(values, (values) => {
      const found: Record<string, number> = {};
      putStatistics(found, "of", values);
      putCertified(found, "of", values);
      const told = flatten({ of: toStatistics(Float64Array.from(values), true) as object });
      expect(Object.keys(told).sort()).toEqual(Object.keys(found).sort());
      for (const [key, expected] of Object.entries(found)) {
        const off = Math.abs((told[key] as number) - expected);
        expect(off, `${key}: ${told[key]}, not ${expected}`).toBeLessThanOrEqual(1e-12 + 1e-9 * expected);
      }
    }),
    { numRuns: casesOf(200) },
  );
});

test("a certified percentile's rank is the binomial distribution's, for 1 to 2000 values", () => {
  const ascending = Float64Array.from({ length: 2000 }, (_, index) => index);
  for (let length = 1; length <= 2000; length += 1) {
    const values = ascending.slice(0, length);
    const found: Record<string, number> = {};
    putCertified(found, "of", [...values]);
    expect(flatten({ of: { certified: toStatistics(values, true)?.certified } }), `${length} values`).toEqual(
      found,
    );
  }
});
