// A run against the fake server, exported in every format by the runner as it is shipped.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";
import { runRunner } from "../run/runner-run.ts";

const formats = "csv,parquet,junit,report-json,bench-jsonl,result-dir";

it("a run is exported in every format, to the figures of its summary", async () => {
  const run = await runRunner({
    args: ["--iterations", "12", "--vus", "3", "--name", "exported"],
    fake: { behaviour: { tokens: 8, tokenDelayMs: 2 } },
  });
  expect(run.exitCode).toBe(0);
  const folder = run.folder as string;
  const exported = await runRunner({ args: ["export", folder, "--format", formats] });
  expect(exported.stderr).toContain("`SLO` is absent");
  expect(exported.exitCode).toBe(0);
  const paths = exported.stdout.trimEnd().split("\n");
  expect(paths.map((path) => path.slice(folder.length + 1).replace(/\d{8}_\d{6}/, "DATE"))).toEqual([
    "requests.csv",
    "requests.parquet",
    "junit.xml",
    expect.stringMatching(/^report_\d{8}T\d{6}Z-exported\.json$/),
    expect.stringMatching(/^results\/raw\/bench_127\.0\.0\.1-\d+_[^_]+_script_DATE\.jsonl$/),
    expect.stringMatching(/^results\/summary\/bench_.*_DATE\.csv$/),
    "results/reports/benchmark_report.md",
    "result/DATE/metrics.json",
  ]);
  const [csv, parquet, junit, report, lines, , , result] = paths as [string, ...string[]];

  const rows = parse(readFileSync(csv), { columns: true }) as Record<string, string>[];
  expect(rows.map(({ verdict }) => verdict)).toEqual(Array(12).fill("complete"));
  const typed = await parquetReadObjects({ file: new Uint8Array(readFileSync(parquet as string)).buffer });
  expect(typed.map(({ ttft_ms }) => String(ttft_ms))).toEqual(rows.map(({ ttft_ms }) => ttft_ms));

  expect(readFileSync(junit as string, "utf8")).toContain('failures="0" errors="0"');
  const readJson = (path: string | undefined) => JSON.parse(readFileSync(path as string, "utf8"));
  const { metrics } = run.summary as NonNullable<typeof run.summary>;
  // 96 tokens within the first 5 s.
  expect(readJson(report)).toMatchObject({ request_num: 12, fail_rate: 0, Throughput: 19.2 });
  expect(readJson(result)).toMatchObject({
    completed: 12,
    total_outlen: 96,
    TTFT: { mean: metrics.ttft?.mean, p99: metrics.ttft?.p99 },
    ITL: { median: metrics.itl?.median },
  });
  const requests = readFileSync(lines as string, "utf8")
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));
  expect(requests).toHaveLength(12);
  for (const { prompt, success, output_tokens } of requests) {
    expect([typeof prompt, success, output_tokens]).toEqual(["string", true, 8]);
  }

  const again = await runRunner({ args: ["export", folder, "--format", "csv"] });
  expect(again.exitCode).toBe(2);
  expect(again.stderr).toContain("--force");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(join(folder, "requests.csv")).toBe(csv);
});
