import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { type ExampleRun, exampleRun } from "../../../test/unit-support/examples/example-runs.ts";
import { exampleGroups } from "../../../test/unit-support/examples/example-summary.ts";
import type { BarsChart, LinesChart } from "../../outputs/charts/chart-spec.ts";
import { toMatrix } from "./matrix.ts";
import { toDimensionKey, toLayout } from "./matrix-layout.ts";
import { toMatrixPage } from "./matrix-page.ts";
import type { Matrix } from "./matrix-types.ts";
import { renderMatrixCsv } from "./render-matrix-csv.ts";
import { renderMatrixJson } from "./render-matrix-json.ts";
import { renderMatrixMarkdown } from "./render-matrix-markdown.ts";
import { renderMatrixTerminal } from "./render-matrix-terminal.ts";

const toHref = ({ folder }: { folder: string }) => `..${folder}/report.html`;
const made = (...runs: ExampleRun[]): Matrix => toMatrix(runs.map(exampleRun));
const terminal = (matrix: Matrix, width = 200) => renderMatrixTerminal(matrix, toLayout(matrix), { width });

/** Two models on two servers, three loads with two repeats each. */
const GRID = ["Qwen2.5-0.5B-Instruct-Q4_K_M", "SmolLM2-135M"].flatMap((model) =>
  ["b1", "b2"].flatMap((build) =>
    [1, 4, 16].flatMap((clients) =>
      [1, 2].map((slow) => ({
        model,
        build,
        clients,
        slow: slow * clients,
        folder: `/runs/${build}-${clients}-${slow}`,
      })),
    ),
  ),
);

describe("the terminal", () => {
  it("shows one line per cell, the best of each column, and what all runs share", () => {
    const matrix = made({ model: "a", slow: 2 }, { model: "b" });
    const [title, fixed] = terminal(matrix).split("\n");
    expect(title).toBe("2 runs: 2 models");
    expect(fixed).toBe(
      "server llama-server b1 · machine left · workload default prompts · mode stream · load 4 clients",
    );
    expect(terminal(matrix)).toMatch(/^a +20\.00 +40\.00 +10\.00 +2,000 +4,000 +128\.0 +2\.000 +100 /m);
    expect(terminal(matrix)).toMatch(
      /^b +10\.00\* +20\.00\* +5\.000\* +1,000\* +2,000\* +256\.0\* +4\.000\* +100 /m,
    );
    expect(terminal(matrix)).toContain(
      "* best of its column, complete runs with a success rate of at least 99 %",
    );
  });

  it.each([60, 80, 110, 200])("is no wider than %i columns, and says what is omitted", (width) => {
    const text = terminal(made(...GRID), width);
    for (const line of text.split("\n")) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    expect(text.includes("Omitted to fit:")).toBe(width < 200);
    expect(text).toMatch(/tokens\/s/);
  });

  it("shows ranges of repeats if there is room", () => {
    expect(terminal(made({ slow: 1 }, { slow: 2 }), 200)).toContain("15.00 (10.00…20.00)");
    expect(terminal(made({ slow: 1 }, { slow: 2 }), 110)).not.toContain("…20.00");
  });

  it("shows one table per figure if columns were requested", () => {
    const matrix = made(...GRID);
    const text = renderMatrixTerminal(matrix, toLayout(matrix, { columns: "server" }), {
      ...{ width: 120, hasColumns: true },
    });
    expect(text.match(/^model +load +.*b1 +.*b2$/gm)).toHaveLength(matrix.measures.length);
    expect(text).toMatch(/^TTFT p95 \(ms\)$/m);
    expect(text).toMatch(/^SmolLM2-135M +1 client +15\.00 /m);
  });

  it("removes control characters from what a run wrote", () => {
    const text = terminal(made({ model: "a\u001b[31m" }, { model: "b" }));
    expect(text).not.toContain("\u001b");
  });
});

describe("Markdown", () => {
  it("links each cell to its runs, and shows ranges except for constant values", () => {
    const matrix = made(...GRID.slice(0, 12));
    const text = renderMatrixMarkdown(matrix, toLayout(matrix), toHref);
    expect(text).toContain("[1](../runs/b1-1-1/report.html) [2](../runs/b1-1-2/report.html)");
    expect(text).toContain("| llama-server b1 | 1 client | 15.00 (10.00…20.00) |");
    expect(text).toContain(" | 100 | 301 | ");
  });

  it("has a table of each figure with columns side by side", () => {
    const matrix = made(...GRID);
    expect(renderMatrixMarkdown(matrix, toLayout(matrix), toHref)).toContain(
      "## TTFT p95 (ms)\n\n| model | load | llama-server b1 | llama-server b2 |\n|---|---|---:|---:|\n",
    );
  });

  it("has a separate table of the tasks", () => {
    const matrix = made({ more: exampleGroups() });
    expect(renderMatrixMarkdown(matrix, toLayout(matrix), toHref)).toMatch(
      /## Tasks\n\n\| task \| .*\n.*\n\| chat \| \*\*80\.00\*\*\\\* \|/,
    );
  });

  it("keeps a bar in a name within its cell", () => {
    const matrix = made({ model: "a|b" }, { model: "c" });
    expect(renderMatrixMarkdown(matrix, toLayout(matrix), toHref)).toContain("| a\\|b |");
  });
});

describe("CSV and JSON", () => {
  it("have every dimension, the load as a number, and figures in full", () => {
    const [header = "", first = ""] = renderMatrixCsv(made({ slow: 3 }, { rate: 2.5 })).split("\n");
    const row = Object.fromEntries(header.split(",").map((name, index) => [name, first.split(",")[index]]));
    expect(row).toMatchObject({
      ...{ model: "small", mode: "stream", parallel: "2.5 requests/s", load: "2.5", load_unit: "requests/s" },
      ...{ task: "", runs: "1", ttft_median_ms: "10", ttft_median_ms_lowest: "", success: "1" },
      ...{ gpu_memory_bytes: "", server_memory_bytes: "301000000" },
    });
  });

  it("have a row for each task, after those of the runs", () => {
    const rows = renderMatrixCsv(made({ more: exampleGroups() }))
      .trim()
      .split("\n");
    expect(rows).toHaveLength(4);
    expect(rows[2]).toContain(",chat,");
  });

  it("give in JSON what the table shows", () => {
    const json = JSON.parse(
      renderMatrixJson(made({ model: "a", slow: 2, folder: "/runs/a" }, { model: "b" })),
    );
    expect(json.schema).toBe("server-bench/matrix/1");
    expect(json.cells[0]).toMatchObject({
      ...{ place: { model: "a" }, load: { unit: "clients", value: 4 }, folders: ["/runs/a"], best: [] },
      figures: { ttftMedian: { median: 20 } },
    });
    expect(json.cells[1].best).toContain("ttftMedian");
  });
});

describe("the page", () => {
  const chartsOf = (matrix: Matrix) =>
    toMatrixPage(matrix, toLayout(matrix), toHref).sections.flatMap(({ charts = [] }) => charts);

  it("has lines over a load of three values, one each of what else varies, with gaps and ranges", () => {
    const grid = GRID.filter(({ build, clients }) => !(build === "b2" && clients === 4));
    const chart = chartsOf(made(...grid))[0] as LinesChart;
    expect(chart).toMatchObject({
      kind: "lines",
      title: "TTFT median",
      x: { title: "clients", scale: "log" },
    });
    expect(chart.series.map(({ name }) => name)).toEqual([
      ...["Qwen2.5-0.5B-Instruct-Q4_K_M, llama-server b1", "Qwen2.5-0.5B-Instruct-Q4_K_M, llama-server b2"],
      ...["SmolLM2-135M, llama-server b1", "SmolLM2-135M, llama-server b2"],
    ]);
    expect(chart.series[1]?.points.map(({ x, y }) => [x, y])).toEqual([
      ...[
        [1, 15],
        [4, undefined],
        [16, 240],
      ],
    ]);
    expect(chart.series[0]?.points[0]).toEqual({
      ...{ x: 1, y: 15, low: 10, high: 20, href: "../runs/b1-1-1/report.html" },
    });
    expect(chart.description).toBe(
      "TTFT median: lowest 15.00 ms (Qwen2.5-0.5B-Instruct-Q4_K_M, llama-server b1, 1 client), highest 240.0 ms (SmolLM2-135M, llama-server b2, 16 clients).",
    );
  });

  it("keeps fractional rates as they are", () => {
    const [chart] = chartsOf(made({ rate: 0.5 }, { rate: 1.5 }, { rate: 2.5 })) as LinesChart[];
    expect(chart?.x).toEqual({ title: "requests/s", unit: "ratio" });
    expect(chart?.series[0]?.points.map(({ x }) => x)).toEqual([0.5, 1.5, 2.5]);
  });

  it("draws lines over the rates of a sweep, and names the load that does not fit among them", () => {
    const [chart] = chartsOf(made({ rate: 1 }, { rate: 2 }, { rate: 4 }, { clients: 1 })) as LinesChart[];
    expect(chart?.series[0]?.points.map(({ x }) => x)).toEqual([1, 2, 4]);
    expect(chart?.legend).toBe("In the table only: 1 client.");
  });

  it("breaks no line for positions that only another line has, as adaptive sweeps have them", () => {
    const sweep = (model: string, rates: number[]) => rates.map((rate) => ({ model, rate }));
    const [chart] = chartsOf(
      made(...sweep("a", [1, 2, 3.5, 3]), ...sweep("b", [1, 5, 7, 6])),
    ) as LinesChart[];
    expect(chart?.series.map(({ points }) => points.map(({ x }) => x))).toEqual([
      ...[
        [1, 2, 3, 3.5],
        [1, 5, 6, 7],
      ],
    ]);
  });

  it("has bars grouped by the side-by-side dimension if there are fewer loads", () => {
    const chart = chartsOf(
      made({ model: "a" }, { model: "b", build: "b2" }, { model: "b", slow: 2 }),
    )[0] as BarsChart;
    expect(chart).toMatchObject({ kind: "bars", categories: ["a", "b"] });
    expect(chart.series.map(({ name, values }) => [name, values])).toEqual([
      ["llama-server b1", [10, 20]],
      ["llama-server b2", [undefined, 10]],
    ]);
  });

  it("has a chart for each row if there are too many lines for one", () => {
    const runs = ["a", "b", "c"].flatMap((model) =>
      ["b1", "b2", "b3"].flatMap((build) => [1, 2, 3].map((clients) => ({ model, build, clients }))),
    );
    const titles = chartsOf(made(...runs)).map(({ title }) => title);
    expect(titles.slice(0, 3)).toEqual(["TTFT median · a", "TTFT median · b", "TTFT median · c"]);
    expect(new Set(chartsOf(made(...runs)).map(({ id }) => id)).size).toBe(titles.length);
  });

  it("states that every run was successful instead of drawing it", () => {
    const { sections } = toMatrixPage(made({}), toLayout(made({})), toHref);
    expect(sections.find(({ id }) => id === "success")).toMatchObject({
      ...{ charts: [], intro: "In every run: success 100 %." },
    });
  });

  it("has the start-up cost of each server that the runs started", () => {
    const started = (readySeconds: number): ExampleRun => ({
      build: `b${readySeconds}`,
      more: { server: { absent: [], readySeconds, memoryAfterLoadBytes: readySeconds * 1e9 } },
    });
    const matrix = made(started(2), started(30));
    const start = toMatrixPage(matrix, toLayout(matrix), toHref).sections.find(({ id }) => id === "start");
    expect(start?.charts?.map(({ title }) => title)).toEqual(["Memory after load", "Time to ready"]);
    expect(matrix.cells.map(({ figures }) => figures.ready?.median)).toEqual([2, 30]);
  });

  it("has the tasks' charts and links in the table of all numbers", () => {
    const matrix = made({ more: exampleGroups(), folder: "/runs/one" });
    const { sections } = toMatrixPage(matrix, toLayout(matrix), toHref);
    expect(sections.map(({ id }) => id)).toEqual([
      ...["latency", "throughput", "success", "memory", "tasks", "numbers"],
    ]);
    expect(sections.find(({ id }) => id === "numbers")?.html?.text).toContain(
      'href="../runs/one/report.html"',
    );
    const [tasks] = sections.find(({ id }) => id === "tasks")?.charts ?? [];
    expect((tasks as BarsChart).categories).toEqual(["chat", "summarization"]);
  });
});

describe("a dimension's name", () => {
  it.each([
    ["model", "model"],
    ["Servers", "server"],
    ["clients", "parallel"],
    ["parallel", "parallel"],
    ["ubatch-size", "ubatchSize"],
    ["--max-tokens", "maxTokens"],
    ["slots", "slots"],
    ["task", "task"],
  ])("%s is %s", (given, key) => {
    expect(toDimensionKey(given, "--rows")).toBe(key);
  });

  it("that is unknown is refused with the known ones", () => {
    expect(() => toDimensionKey("colour", "--by")).toThrow(
      /^`--by`: expected one of `model`, .*such as `batch-size`, got `colour`\.$/,
    );
  });
});
