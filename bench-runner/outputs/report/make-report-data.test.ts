import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { JournalLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { toVerdict } from "../../../lib/core/request/verdict.ts";
import {
  config,
  failed,
  mixed,
  outcome,
  request,
  writeJournal,
} from "../../../test/unit-support/examples/example-journal.ts";
import type { RunInput } from "../../summary/run-input.ts";
import type { Band, ReportData } from "../../summary/series/report-data.ts";
import { readRun, toSummary } from "../../summary/summarize.ts";
import { toReportData } from "./make-report-data.ts";

const folder = mkdtempSync(join(tmpdir(), "report-data-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "records.jsonl");

async function toData(lines: JournalLine[], more: Partial<RunInput> = {}): Promise<ReportData> {
  writeJournal(path, lines);
  return readData(more);
}

async function readData(more: Partial<RunInput> = {}): Promise<ReportData> {
  const input: RunInput = { records: path, config, outcome, ...more };
  const reading = await readRun(input);
  const data = toReportData(input, reading, toSummary(input, reading));
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  return data;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The sum of rates; the last one is over the part of its interval that the load covers. */
function toAmount(
  { seconds, stepSeconds }: Pick<ReportData["time"], "seconds" | "stepSeconds">,
  rates: (number | null)[],
  lines: readonly RequestLine[],
) {
  const origin = Math.min(...lines.map(({ startMs }) => startMs));
  const lastSeconds = (Math.max(...lines.map(({ endMs }) => endMs)) - origin) / 1000;
  return sum(
    rates.map((rate, index) => {
      expect(rate).not.toBeNull();
      return (
        (rate ?? 0) * Math.min(stepSeconds, lastSeconds - ((seconds[index] as number) - stepSeconds / 2))
      );
    }),
  );
}

/** Linear interpolation at p·(n−1), implemented independently. */
function quantile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at));
}

/** Intervals of fewer than ten have no percentiles, nor has any where those are more than a quarter of them. */
function expectBand(band: Band, groups: readonly number[][]): void {
  const filled = groups.filter(({ length }) => length > 0);
  const enough = filled.filter(({ length }) => length < 10).length > filled.length / 4 ? Infinity : 10;
  for (const [index, values] of groups.entries()) {
    for (const [key, p] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["max", 1],
    ] as const) {
      const [found, expected] = [band[key][index], values.length < enough ? null : quantile(values, p)];
      if (expected === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(expected, 5);
    }
  }
  expect(band.p50.length).toBe(groups.length);
  const few = groups.filter(({ length }) => length < enough).flat();
  const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
  for (const [at, value] of ascending(band.single.map(([, ms]) => ms)).entries())
    expect(value).toBeCloseTo(ascending(few)[at] as number, 5);
  expect(band.single.length).toBe(few.length);
}

/** Values of complete requests by the interval in which they started. */
function groupByStart(
  lines: readonly RequestLine[],
  { time }: ReportData,
  of: (line: RequestLine) => number | undefined,
): number[][] {
  const origin = Math.min(...lines.map(({ startMs }) => startMs));
  const groups = time.seconds.map((): number[] => []);
  for (const line of lines) {
    const value = of(line);
    if (toVerdict(line) !== "complete" || value === undefined) continue;
    const interval = Math.floor((line.startMs - origin) / 1000 / time.stepSeconds);
    groups[Math.min(groups.length - 1, interval)]?.push(value);
  }
  return groups;
}

describe("toReportData", () => {
  const lines = mixed(3000);
  const isMeasured = (line: RequestLine) => line.labels.phase !== "warmup";
  const complete = lines.filter((line) => toVerdict(line) === "complete");
  const measured = complete.filter(isMeasured);

  test("every request is in every chart that it belongs to", async () => {
    const data = await toData(lines);
    expect(data.requests).toBe(3000);
    expect(data.gaps).toBe(sum(measured.map(({ gapsUs }) => gapsUs?.length ?? 0)));
    expect(data.distributions.map(({ key }) => key)).toEqual(["ttft", "scheduledTtft", "tpot", "itl", "e2e"]);
    for (const { key, count, bins, cdf, marks } of data.distributions) {
      const expected = {
        ttft: measured.length,
        e2e: measured.length,
        itl: data.gaps,
        scheduledTtft: measured.filter(({ scheduledMs }) => scheduledMs !== undefined).length,
        tpot: measured.filter(
          ({ fields, tokenEvents }) => Number(fields.completionTokens ?? tokenEvents) > 1 && tokenEvents > 1,
        ).length,
      }[key];
      expect([key, count, sum(bins.map(([, , n]) => n))]).toEqual([key, expected, expected]);
      expect(cdf.at(-1)?.[1]).toBe(1);
      expect(marks.map(({ name }) => name)).toEqual(["p50", "p90", "p95", "p99"]);
    }
    expect(data.distributions.find(({ key }) => key === "ttft")?.marks[3]?.certifiedMs).toBeDefined();
    const withPrompt = measured.filter(({ fields }) => fields.promptTokens !== undefined).length;
    expect(data.scatter?.isBinned).toBeUndefined();
    expect(sum((data.scatter?.points ?? []).map(([, , count]) => count))).toBe(withPrompt);
  });

  test("the marks are the summary's percentiles and lie on the cumulative curve", async () => {
    const { distributions } = await toData(lines);
    const [ttft] = distributions;
    const values = measured.map((line) => (line.firstTokenMs as number) - (line.sentMs as number));
    expect(ttft?.marks[0]?.ms).toBeCloseTo(quantile(values, 0.5) as number, 5);
    expect(ttft?.cdf.at(-1)?.[0]).toBeCloseTo(Math.max(...values), 5);
    expect(ttft?.cdf[0]?.[0]).toBeCloseTo(Math.min(...values), 5);
  });

  test("median, p95 and maximum of each interval equal those calculated independently", async () => {
    const data = await toData(lines);
    const ttft = (line: RequestLine) => (line.firstTokenMs as number) - (line.sentMs as number);
    expectBand(data.time.ttftMs, groupByStart(lines, data, ttft));
    expectBand(
      data.time.e2eMs,
      groupByStart(lines, data, (line) => line.endMs - (line.sentMs as number)),
    );
    const ofMeasured = (of: (line: RequestLine) => number | undefined) => (line: RequestLine) =>
      isMeasured(line) ? of(line) : undefined;
    expectBand(
      data.queueing.headersMs as Band,
      groupByStart(
        lines,
        data,
        ofMeasured((line) => (line.headersMs as number) - (line.sentMs as number)),
      ),
    );
    expectBand(
      data.queueing.scheduleDelayMs as Band,
      groupByStart(
        lines,
        data,
        ofMeasured((line) => line.scheduledMs && line.startMs - line.scheduledMs),
      ),
    );
  });

  test("rates add up to the totals, whatever the verdicts of the requests", async () => {
    const { time } = await toData(lines);
    const tokens = sum(
      lines
        .filter((line) => line.firstTokenMs !== undefined)
        .map((line) => Number(line.fields.completionTokens ?? line.tokenEvents)),
    );
    expect(toAmount(time, time.outputTokensPerSecond, lines)).toBeCloseTo(tokens, 3);
    expect(toAmount(time.requestsPerSecond, time.requestsPerSecond.values, lines)).toBeCloseTo(
      complete.length,
      3,
    );
    expect(sum(time.failures.flatMap(({ counts }) => counts))).toBe(lines.length - complete.length);
    const verdicts = new Set(
      lines.map((line) => toVerdict(line)).filter((verdict) => verdict !== "complete"),
    );
    expect(new Set(time.failures.map(({ verdict }) => verdict))).toEqual(verdicts);
    for (const series of [time.outputTokensPerSecond, time.inFlight]) {
      expect(series.length).toBe(time.seconds.length);
    }
  });

  test.each([
    ["over the part that is covered", 1400, 8 / 0.15],
    ["absent if that is less than half of it", 1270, null],
  ] as const)("rates of the last interval are %s", async (_, endMs, rate) => {
    const first = request(1, 1000);
    const ending = [2, 3].map((row) =>
      request(row, 1100, { firstTokenMs: 1260, lastTokenMs: 1263, gapsUs: [1000, 1000, 1000], endMs }),
    );
    const { time } = await toData([first, ...ending]);
    // Four tokens of each request.
    expect(time.outputTokensPerSecond).toEqual([16, rate === null ? null : expect.closeTo(rate, 6)]);
  });

  test("requests in flight, counted every millisecond", async () => {
    const data = await toData(lines);
    const { seconds, stepSeconds, inFlight } = data.time;
    const origin = Math.min(...lines.map(({ startMs }) => startMs));
    const lastSeconds = (Math.max(...lines.map(({ endMs }) => endMs)) - origin) / 1000;
    const openSeconds = inFlight.map((mean, index) => {
      const from = (seconds[index] as number) - stepSeconds / 2;
      return mean * Math.min(stepSeconds, lastSeconds - from);
    });
    expect(sum(openSeconds)).toBeCloseTo(sum(lines.map((l) => l.endMs - l.startMs)) / 1000, 3);
    for (const index of [0, 10, 33]) {
      const from = origin + ((seconds[index] as number) - stepSeconds / 2) * 1000;
      const moments = Array.from({ length: stepSeconds * 1000 }, (_, ms) => from + ms + 0.5);
      const open = moments.map((ms) => lines.filter((l) => l.startMs <= ms && ms < l.endMs).length);
      expect(inFlight[index]).toBeCloseTo(sum(open) / open.length, 1);
    }
  });

  test("two requests calculated by hand: tokens by their stamps, across an edge", async () => {
    const { time, slowest } = await toData([
      request(1, 1000),
      request(2, 1160, {
        firstTokenMs: 1235,
        lastTokenMs: 1265,
        endMs: 1500,
        fields: { completionTokens: 8 },
      }),
    ]);
    expect(time).toMatchObject({ stepSeconds: 0.25, seconds: [0.125, 0.375] });
    // 4 tokens of the first; 2 events of the second, 2 tokens each, before 1250 and 2 after.
    expect(time.outputTokensPerSecond).toEqual([(4 + 4) / 0.25, 4 / 0.25]);
    expect(time.requestsPerSecond).toEqual({ stepSeconds: 0.5, seconds: [0.25], values: [4] });
    expect(time.inFlight).toEqual([(135 + 90) / 250, 1]);
    expect(slowest.map(({ endMs, startSeconds }) => [endMs, startSeconds])).toEqual([
      [340, 0.16],
      [135, 0],
    ]);
  });

  test("a journal without requests", async () => {
    const data = await toData([]);
    expect(data).toMatchObject({
      requests: 0,
      gaps: 0,
      distributions: [],
      queueing: {},
      series: [],
      slowest: [],
    });
    expect(data.time).toMatchObject({ seconds: [], phases: [], inFlight: [], failures: [] });
    expect(data.scatter).toBeUndefined();
  });

  test("one request", async () => {
    const { distributions, time, scatter } = await toData([request(1, 700)]);
    for (const { key, bins } of distributions)
      expect(sum(bins.map(([, , n]) => n))).toBe(key === "itl" ? 3 : 1);
    expect(time.ttftMs).toEqual({ p50: [null], p95: [null], max: [null], single: [[0, 99]] });
    expect(time.phases).toEqual([{ name: "measure", from: 0, to: 0.135 }]);
    expect(scatter?.points).toEqual([[20, 99, 1]]);
  });

  test("if all requests failed there are failures and slowest requests, and no distribution", async () => {
    const data = await toData([failed(1, 0, "tcp"), failed(2, 10, "idle_timeout", { endMs: 5000 })]);
    expect(data.distributions).toEqual([]);
    expect(data.time.failures.map(({ verdict, counts }) => [verdict, sum(counts)])).toEqual([
      ["refused", 1],
      ["timeout", 1],
    ]);
    expect(data.slowest.map(({ verdict }) => verdict)).toEqual(["timeout", "refused"]);
    expect(data.time.ttftMs.max.every((value) => value === null)).toBe(true);
  });

  test("the warm-up is on the time axis and in no distribution", async () => {
    const phase = (id: number, startMs: number, name: string) =>
      request(id, startMs, { labels: { phase: name } });
    const data = await toData([
      phase(1, 0, "warmup"),
      phase(2, 5000, "measure"),
      phase(3, 9000, "measure"),
      phase(4, 12_000, "cooldown"),
    ]);
    expect(data.time.phases).toEqual([
      { name: "warmup", from: 0, to: 5 },
      { name: "measure", from: 5, to: 12 },
      { name: "cooldown", from: 12, to: 12.135 },
    ]);
    expect(data.distributions[0]?.count).toBe(2);
    expect(data.time.ttftMs.single.map(([seconds]) => seconds)).toEqual([0, 5, 9, 12]);
    expect(data.slowest.length).toBe(2);
    expect((data.queueing.headersMs as Band).single).toEqual([
      [5, 19],
      [9, 19],
    ]);
  });

  test("turns of conversations keep their names among the slowest", async () => {
    const labels = { row: "talk-7", conversation: "7", turn: "2", turns: "3", client: "1" };
    const data = await toData([request(1, 0), request(2, 200, { labels, endMs: 900 })]);
    expect(data.slowest[0]).toMatchObject({ row: "talk-7", turn: "2", client: "1" });
  });

  test("the tokens of a document are spread evenly, and a rule explains it", async () => {
    const { firstTokenMs: _, lastTokenMs: __, firstContentMs: ___, gapsUs: ____, ...line } = request(1, 0);
    const document: RequestLine = {
      ...line,
      document: true,
      tokenEvents: 0,
      contentEvents: 0,
      sentMs: 0,
      endMs: 500,
    };
    const data = await toData([document]);
    expect(data.time.outputTokensPerSecond).toEqual([8, 8]);
    expect(data.rules.some((rule) => rule.includes("one document"))).toBe(true);
    expect(data.distributions.map(({ key }) => key)).toEqual(["e2e"]);
    expect(data.scatter).toBeUndefined();
  });

  test("an answer too long for a list of gaps counts by the second", async () => {
    const { gapsUs: _, ...line } = request(1, 0, { lastTokenMs: 4100, endMs: 4200, tokenEvents: 20_000 });
    const long: RequestLine = {
      ...line,
      fields: { finishReason: "stop" },
      gapHistogramUs: [[200, 19_999]],
      tokensBySecond: [
        [0, 4000],
        [1, 5000],
        [2, 5000],
        [3, 5000],
        [4, 1000],
      ],
    };
    const { time, gaps } = await toData([long]);
    expect(gaps).toBe(19_999);
    expect(toAmount(time, time.outputTokensPerSecond, [long])).toBeCloseTo(20_000, 3);
    expect(time.outputTokensPerSecond.slice(4, 16).map((rate) => Math.round(rate ?? 0))).toEqual(
      Array(12).fill(5000),
    );
  });

  test("a torn last line is left out", async () => {
    writeJournal(path, [request(1, 0), request(2, 100)], false);
    appendFileSync(path, JSON.stringify(request(3, 200)).slice(0, 80));
    expect((await readData()).requests).toBe(2);
  });

  test("a journal without its header has no clock for samples", async () => {
    const samples = {
      scrapes: [],
      hosts: [{ type: "host" as const, atUnixMs: 1_700_000_000_050, cpuCores: 1, processes: {} }],
    };
    const withClock = await toData([request(1, 0)], { samples });
    expect(withClock.series).toMatchObject([{ key: "hostCpu", points: [[0.05, 1]] }]);
    expect(withClock.rules.some((rule) => rule.includes("not drawn"))).toBe(false);
    writeFileSync(path, `${JSON.stringify(request(1, 0))}\n`);
    const without = await readData({ samples });
    expect(without.series).toEqual([]);
    expect(without.rules.some((rule) => rule.includes("not drawn"))).toBe(true);
  });

  test("thousands of requests make a small page", async () => {
    const data = await toData(mixed(20_000));
    expect(JSON.stringify(data).length).toBeLessThan(400_000);
    expect(data.scatter?.isBinned).toBe(true);
    expect(data.rules.some((rule) => rule.includes("grid"))).toBe(true);
    expect(data.time.seconds.length).toBeLessThanOrEqual(240);
  });
});
