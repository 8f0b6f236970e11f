import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { exampleGroups, exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import { toTaskCsv } from "./task-csv.ts";

const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

describe("the table of tasks", () => {
  it("has a row with all metrics for a run of one task", () => {
    const process = { peakMemoryBytes: 8e9 };
    const { metrics } = exampleSummary();
    const e2e = { ...(metrics.ttft as Statistics), mean: 2 * (metrics.ttft?.mean as number) };
    const summary = exampleSummary({
      ...{ task: "chat", server: { absent: [], process } },
      metrics: { ...metrics, e2e },
    });
    const [row, ...others] = rowsOf(toTaskCsv(summary));
    expect(others).toEqual([]);
    expect(row).toMatchObject({ task: "chat", mode: "stream", gpu_memory: "", host_memory: "8000" });
    const mean = summary.metrics.ttft?.mean as number;
    expect(Number(row?.p2ft)).toBeCloseTo(mean / 1000);
    expect(Number(row?.total_latency)).toBeCloseTo((2 * mean) / 1000);
    expect(Number(row?.request_throughput)).toBeCloseTo(summary.throughput?.requestsPerSecond as number);
  });

  it("has a row for each of several tasks, whose throughput is the run's alone, and one for all", () => {
    const rows = rowsOf(toTaskCsv(exampleSummary(exampleGroups())));
    expect(rows.map(({ task }) => task)).toEqual(["chat", "summarization", "all"]);
    expect(rows.map(({ token_throughput: throughput }) => throughput !== "")).toEqual([false, false, true]);
    expect(Number(rows[0]?.p2ft)).toBeGreaterThan(0);
  });
});
