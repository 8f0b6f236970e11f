import { describe, expect, it } from "vitest";
import { type ExampleRun, exampleRun } from "../../../test/unit-support/examples/example-runs.ts";
import { exampleGroups } from "../../../test/unit-support/examples/example-summary.ts";
import { toWords } from "../../outputs/table/table.ts";
import type { Group } from "../../summary/summary.ts";
import { toMatrix } from "./matrix.ts";
import { toLayout } from "./matrix-layout.ts";
import { describeGaps, toMatrixTable, toPivots, toTableLines } from "./matrix-table.ts";
import type { Matrix } from "./matrix-types.ts";
import { toLegend, toNoteTexts, toTitle } from "./matrix-words.ts";
import { renderMatrixCsv } from "./render-matrix-csv.ts";
import { renderMatrixJson } from "./render-matrix-json.ts";

const made = (...runs: ExampleRun[]): Matrix => toMatrix(runs.map(exampleRun));
const varyingOf = (matrix: Matrix) => matrix.varying.map(({ key, values }) => [key, values]);
const places = ({ cells }: Matrix) => cells.map(({ place }) => [place.model, place.server, place.parallel]);

describe("dimensions", () => {
  it("that vary distinguish runs, those that do not are listed once", () => {
    const matrix = made({ model: "a" }, { model: "b" });
    expect(varyingOf(matrix)).toEqual([["model", ["a", "b"]]]);
    expect(matrix.fixed.map(({ key, value }) => [key, value])).toEqual([
      ["server", "llama-server b1"],
      ["machine", "left"],
      ["workload", "default prompts"],
      ["mode", "stream"],
      ["parallel", "4 clients"],
    ]);
  });

  it("name servers that a command started, whatever port they had", () => {
    const started = (serverName: string, port: number): ExampleRun => {
      const { configuration, server } = exampleRun().summary;
      const address = { serverName, serverUrl: `http://127.0.0.1:${port}` };
      return {
        build: "",
        more: { configuration: { ...configuration, ...address }, server, environment: undefined as never },
      };
    };
    const matrix = made(started("serve.py", 1), started("vLLM", 2), started("serve.py", 3));
    expect(varyingOf(matrix)).toEqual([["server", ["serve.py", "vLLM"]]]);
  });

  it("sort numbers by their size", () => {
    const matrix = made({ clients: 16 }, { clients: 2 }, { clients: 128 }, { clients: 1 });
    expect(varyingOf(matrix)).toEqual([["parallel", ["1 client", "2 clients", "16 clients", "128 clients"]]]);
    expect(matrix.cells.map(({ load }) => load?.value)).toEqual([1, 2, 16, 128]);
  });

  it("tell a closed loop's clients from an open loop's rate", () => {
    expect(varyingOf(made({ clients: 4 }, { rate: 4 }))).toEqual([
      ["parallel", ["4 clients", "4 requests/s"]],
    ]);
  });

  it("come from options that differ between otherwise equal runs: those are not repeats", () => {
    const matrix = made({ values: { ubatchSize: 256 } }, { values: { ubatchSize: 512 } });
    expect(varyingOf(matrix)).toEqual([["ubatchSize", ["256", "512"]]]);
    expect(matrix.varying[0]?.label).toBe("ubatch size");
  });

  it("are as few as possible: one that follows from another is not added", () => {
    const matrix = made(
      { values: { ubatchSize: 256, maxTokens: 64 } },
      { values: { ubatchSize: 512, maxTokens: 128 } },
    );
    expect(matrix.varying).toHaveLength(1);
    expect(made({ model: "a", values: { ubatchSize: 256 } }, { model: "b" }).varying).toHaveLength(1);
  });

  it("exclude options without effect on the measurement", () => {
    const [cell, ...more] = made({ values: { seed: 1, output: "x" } }, { values: { seed: 2 } }).cells;
    expect(more).toEqual([]);
    expect(cell?.runs).toHaveLength(2);
  });

  it("are the runs' names if nothing else distinguishes them", () => {
    expect(varyingOf(made({ name: "tuned" }, { name: "plain" }))).toEqual([["name", ["plain", "tuned"]]]);
  });

  it("include the machine: runs from two are not pooled, and a note says so", () => {
    const matrix = made({ host: "left" }, { host: "right" });
    expect(varyingOf(matrix)).toEqual([["machine", ["left", "right"]]]);
    expect(toNoteTexts(matrix)[0]?.text).toBe(
      "The load came from 2 machines (left, 8 × EPYC; right, 8 × EPYC): numbers from different machines are not comparable.",
    );
  });

  it("have the names that the user gave to targets, models and workloads", () => {
    const named = (target: string, modelName: string, workload: string): ExampleRun => {
      const { configuration } = exampleRun().summary;
      const values = { ...configuration.values, target, workload, modelAlias: "org/long-model-name" };
      return { more: { configuration: { ...configuration, modelName, values } } };
    };
    const matrix = made(named("lab", "llama-8b", "steady"), named("cloud", "llama-70b", "burst"));
    expect(varyingOf(matrix)).toEqual([
      ["model", ["llama-8b", "llama-70b"]],
      ["server", ["cloud", "lab"]],
      ["workload", ["burst", "steady"]],
    ]);
  });

  it("behind equal names: builds and prompts that differ are dimensions, and no repeats", () => {
    const named = (build: string, dataset: string): ExampleRun => {
      const { configuration } = exampleRun().summary;
      const values = { target: "lab", workload: "steady", dataset };
      return { build, more: { configuration: { ...configuration, values } } };
    };
    expect(varyingOf(made(named("b1", "x.jsonl"), named("b2", "x.jsonl")))).toEqual([
      ["build", ["b1", "b2"]],
    ]);
    expect(varyingOf(made(named("b1", "x.jsonl"), named("b1", "y.jsonl")))).toEqual([
      ["prompts", ["x.jsonl", "y.jsonl"]],
    ]);
  });

  it("tell the two servers of one run from each other, each with the figures of its own requests", () => {
    const [a, b] = (exampleGroups().groups?.task ?? []).map((group, index) => ({
      ...group,
      name: "ab"[index] ?? "",
    }));
    const pair = (urls: [string, string]): ExampleRun => ({
      model: "small",
      more: {
        ab: { a: urls[0], b: urls[1], pairs: { compared: 50, lost: 0, differences: [] } },
        groups: { server: [a as Group, b as Group] },
      },
    });
    const matrix = made(pair(["http://left:1/v1", "http://right:2/v1"]));
    expect(toTitle(matrix)).toBe("1 run: 2 servers");
    expect(matrix.cells.map(({ place, figures }) => [place.server, figures.ttftMedian?.median])).toEqual([
      ["left:1", 80],
      ["right:2", 400],
    ]);
    // What is known of both together only is of neither.
    expect(matrix.cells.flatMap(({ figures }) => Object.keys(figures))).not.toContain(
      "outputTokensPerSecond",
    );
    const warned = made({
      ...pair(["http://left:1", "http://right:2"]),
      more: {
        ...pair(["http://left:1", "http://right:2"]).more,
        warnings: [{ code: "x", text: "Beware.", remedy: "" }],
      },
    });
    expect(warned.notes.map(({ text }) => text)).toEqual(["Beware."]);
    const paths = made(pair(["http://h/a", "http://h/b"]));
    expect(paths.cells.map(({ place }) => place.server)).toEqual(["http://h/a", "http://h/b"]);
  });

  it("say in one line that the servers' builds differ", () => {
    expect(toNoteTexts(made({ build: "b1" }, { build: "b2" })).map(({ text }) => text)).toEqual([
      "The servers have 2 builds: llama-server b1, llama-server b2.",
    ]);
  });
});

describe("repeats", () => {
  it("are one cell with the median, the range and the run nearest to the median", () => {
    const { cells } = made({ slow: 1 }, { slow: 3 }, { slow: 2 });
    expect(cells).toHaveLength(1);
    expect(cells[0]?.figures.ttftMedian).toEqual({ median: 20, low: 10, high: 30, nearest: 2 });
  });

  it("leave out a figure that one of them lacks, and never count it as 0", () => {
    const { cells } = made({ slow: 2 }, { more: { metrics: {} } });
    expect(cells[0]?.figures.ttftMedian).toEqual({ median: 20, nearest: 0 });
  });

  it("that are partial do not count if there are whole ones, but are linked", () => {
    const partial = { run: { ...exampleRun().summary.run, partial: true } };
    const [cell] = made({ slow: 9, more: partial, folder: "/p" }, { slow: 2, folder: "/w" }).cells;
    expect(cell?.figures.ttftMedian).toEqual({ median: 20, nearest: 0 });
    expect(cell?.runs.map(({ folder }) => folder)).toEqual(["/w", "/p"]);
    expect(made({ slow: 9, more: partial }).cells[0]?.figures.ttftMedian?.median).toBe(90);
  });

  it("have no range with a single run", () => {
    expect(made({}).cells[0]?.figures.ttftMedian).toEqual({ median: 10, nearest: 0 });
  });
});

describe("figures", () => {
  it("that count tokens are marked where tokens are counted by events, and no others", () => {
    const events = { tokens: { estimatedRequests: 3 } };
    const matrix = made({ model: "a", slow: 2, more: events }, { model: "b" });
    const table = toMatrixTable(matrix, toLayout(matrix), { hasRanges: false });
    const marksOf = (title: RegExp) => {
      const at = table.columns.findIndex((column) => title.test(column.title));
      return table.rows.map((row) => toWords(row[at], {}).map(({ mark }) => mark));
    };
    expect(marksOf(/^TPOT/)).toEqual([["~"], ["*"]]);
    expect(marksOf(/^TTFT median/)).toEqual([[undefined], ["*"]]);
    expect(toLegend(matrix)).toContain("~ estimated: without usage, tokens are counted by events");
    const both = made({ model: "a", slow: 2, more: events }, { model: "b", more: events });
    expect(toMatrixTable(both, toLayout(both), { hasRanges: false }).rows.flat()).toContainEqual(
      expect.objectContaining({ mark: "~*" }),
    );
    expect(renderMatrixCsv(matrix)).toMatch(/,tpot_median [a-z_ ]*output_tokens_per_second/);
    expect(JSON.parse(renderMatrixJson(matrix)).cells[0].figures.tpotMedian.estimated).toBe(true);
  });

  it("that no run has are no column", () => {
    const keys = made({}).measures.map(({ key }) => key);
    expect(keys).not.toContain("gpuMemory");
    expect(keys).toContain("serverMemory");
  });

  it("have GPU memory as the sum over the GPUs, absent if one does not report it", () => {
    const gpus = (...bytes: (number | undefined)[]) => ({
      gpus: {
        devices: bytes.map((peakMemoryBytes, index) => ({
          ...{ index, name: "GPU" },
          ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
        })),
        absent: [],
      },
    });
    expect(made({ more: gpus(1e9, 2e9) }).cells[0]?.figures.gpuMemory?.median).toBe(3e9);
    expect(made({ more: gpus(1e9, undefined) }).cells[0]?.figures.gpuMemory).toBeUndefined();
  });
});

describe("the best figure", () => {
  const bestOf = (matrix: Matrix, key: string) =>
    matrix.cells
      .filter(({ best }) => best.includes(key))
      .map(({ place }) => `${place.model} ${place.parallel}`);

  it("is that of its column if all runs have one load", () => {
    const matrix = made({ model: "a", slow: 2 }, { model: "b", slow: 1 });
    expect(bestOf(matrix, "ttftMedian")).toEqual(["b 4 clients"]);
    expect(bestOf(matrix, "outputTokensPerSecond")).toEqual(["b 4 clients"]);
  });

  it("is that of each load if several runs have it", () => {
    const matrix = made(
      ...[1, 8].flatMap((clients) => [
        { model: "a", clients, slow: clients },
        { model: "b", clients, slow: 2 * clients },
      ]),
    );
    expect(bestOf(matrix, "ttftMedian")).toEqual(["a 1 client", "a 8 clients"]);
  });

  it("is over all loads if every load has one run", () => {
    expect(bestOf(made({ clients: 1 }, { clients: 8, slow: 4 }), "outputTokensPerSecond")).toEqual([
      "small 8 clients",
    ]);
  });

  it("is none if all are equal", () => {
    expect(bestOf(made({ model: "a" }, { model: "b" }), "ttftMedian")).toEqual([]);
  });

  it("is never that of a run that failed requests or did not finish", () => {
    const partial = { run: { ...exampleRun().summary.run, partial: true } };
    const slow = { model: "c", slow: 9 };
    const slower = { model: "d", slow: 10 };
    expect(bestOf(made({ model: "a", success: 0.9 }, slow, slower), "ttftMedian")).toEqual(["c 4 clients"]);
    expect(bestOf(made({ model: "a", more: partial }, slow, slower), "ttftMedian")).toEqual(["c 4 clients"]);
    expect(bestOf(made({ model: "a", success: 0.9 }, { model: "b", success: 0.8 }), "success")).toEqual([
      "a 4 clients",
    ]);
  });
});

describe("notes", () => {
  const warnings = [{ code: "few_requests", text: "97 requests are too few.", remedy: "Send more." }];
  const partial = { ...exampleRun().summary.run, partial: true, partialReason: "it was stopped" };

  it("mark the cells they are about, the most serious first", () => {
    const matrix = made(
      { model: "a", more: { warnings } },
      { model: "b", more: { run: partial } },
      { model: "c" },
    );
    expect(toNoteTexts(matrix)).toEqual([
      {
        mark: "a",
        text: "The run is partial: it was stopped. Its figures do not count if there are whole repeats.",
      },
      { mark: "b", text: "97 requests are too few." },
    ]);
    expect(matrix.cells.map(({ notes }) => notes)).toEqual([["few_requests"], ["partial"], []]);
  });

  it("that all cells have carry no mark", () => {
    const matrix = made({ model: "a", more: { warnings } }, { model: "b", more: { warnings } });
    expect(toNoteTexts(matrix)).toEqual([
      { text: "All: 97 requests are too few. (the first of 2 such runs)" },
    ]);
  });

  it("name the requirements that failed", () => {
    const requirements = [{ text: "ttft.p95 < 1ms", ok: false, value: 20, limit: 1, unit: "ms" as const }];
    expect(toNoteTexts(made({ more: { requirements } }, { model: "b" }))[0]?.text).toBe(
      "Failed: ttft.p95 < 1ms.",
    );
  });
});

describe("the table", () => {
  const grid = made(
    ...["a", "b"].flatMap((model) =>
      ["b1", "b2"].flatMap((build) =>
        [1, 2].flatMap((clients) =>
          model === "b" && build === "b2" && clients === 2 ? [] : [{ model, build, clients }],
        ),
      ),
    ),
  );

  it("has rows, then the load, then the side-by-side dimension; a combination without a run is an empty line", () => {
    const layout = toLayout(grid);
    expect(layout.order.map(({ key }) => key)).toEqual(["model", "parallel", "server"]);
    const lines = toTableLines(grid, layout);
    expect(lines.map(({ names, cell }) => [names.join(" "), cell?.figures.ttftMedian?.median])).toEqual([
      ["a 1 client llama-server b1", 10],
      ["a 1 client llama-server b2", 10],
      ["a 2 clients llama-server b1", 10],
      ["a 2 clients llama-server b2", 10],
      ["b 1 client llama-server b1", 10],
      ["b 1 client llama-server b2", 10],
      ["b 2 clients llama-server b1", 10],
      ["b 2 clients llama-server b2", undefined],
    ]);
    expect(describeGaps(grid)).toBe("1 of 8 combinations has no run.");
    expect(toTitle(grid)).toBe("7 runs: 2 models, 2 servers, 2 loads");
  });

  it("has gaps only where its dimensions are crossed", () => {
    // Each model has a server of its own.
    const own = made({ model: "a", build: "b1" }, { model: "b", build: "b2" });
    expect(describeGaps(own)).toBeUndefined();
    // One model has loads that the other was never asked for.
    const swept = made(...[1, 2, 4].map((clients) => ({ model: "a", clients })), { model: "b", clients: 2 });
    expect(describeGaps(swept)).toBeUndefined();
    expect(toTableLines(swept, toLayout(swept))).toHaveLength(4);
    expect(describeGaps(made({ model: "a" }, { model: "b" }, { model: "a", clients: 8 }))).toBe(
      "1 of 4 combinations has no run.",
    );
  });

  it("lists only cells with runs if most combinations have none", () => {
    const sparse = made(...["a", "b", "c", "d"].map((model, index) => ({ model, build: `b${index}` })));
    expect(toTableLines(sparse, toLayout(sparse))).toHaveLength(4);
  });

  it("follows the rows and columns that were requested", () => {
    const layout = toLayout(grid, { rows: "server", columns: "model" });
    expect(layout.order.map(({ key }) => key)).toEqual(["server", "parallel", "model"]);
    const [pivot] = toPivots(grid, layout);
    expect(pivot?.table.columns.map(({ title }) => title)).toEqual(["server", "load", "a", "b"]);
    expect(
      pivot?.table.rows.map((row) => row.slice(2).map((cell) => toWords(cell, {})[0]?.text !== "")),
    ).toEqual([
      ...[
        [true, true],
        [true, true],
        [true, true],
        [true, false],
      ],
    ]);
  });

  it("leaves a place that was requested and does not vary to another dimension", () => {
    expect(toLayout(grid, { rows: "workload" }).rows?.key).toBe("model");
  });

  it("is one line of one run", () => {
    const one = made({});
    expect(toTableLines(one, toLayout(one))).toHaveLength(1);
    expect(places(one)).toEqual([["small", "llama-server b1", "4 clients"]]);
  });
});

describe("tasks", () => {
  it("are a matrix of their own, with the figures that they have", () => {
    const { tasks, cells } = made({ more: exampleGroups() }, { model: "b", more: exampleGroups() });
    expect(cells).toHaveLength(2);
    expect(tasks?.cells.map(({ place }) => `${place.task} ${place.model}`)).toEqual([
      ...["chat b", "chat small", "summarization b", "summarization small"],
    ]);
    expect(tasks?.cells[0]?.figures.ttftMedian?.median).toBe(80);
    expect(tasks?.cells[0]?.figures.outputTokensPerSecond).toBeUndefined();
  });

  it("may be those of runs of one task each: by task and system, with all figures", () => {
    const of = (task: string, model: string): ExampleRun => {
      const { configuration } = exampleRun().summary;
      const values = { ...configuration.values, mix: [`${task}=1`], modelAlias: model };
      return { model, more: { task, configuration: { ...configuration, values } } };
    };
    const { tasks } = made(of("chat", "a"), of("qa", "a"), of("chat", "b"), of("qa", "b"));
    expect(tasks?.varying.map(({ key }) => key)).toEqual(["task", "model"]);
    expect(tasks?.cells.map(({ place }) => `${place.task} ${place.model}`)).toEqual([
      ...["chat a", "chat b", "qa a", "qa b"],
    ]);
    expect(tasks?.cells[0]?.figures.outputTokensPerSecond).toBeDefined();
  });

  it("are absent if no run has one", () => {
    expect(made({}).tasks).toBeUndefined();
  });
});

describe("figures that are known only as ranges", () => {
  /** A run whose TTFT may be as low as this factor of its value. */
  const starved = (slow: number, lower: number, model: string): ExampleRun => {
    const { metrics } = exampleRun({ slow }).summary;
    const ttft = metrics.ttft as NonNullable<typeof metrics.ttft>;
    const scaled = Object.fromEntries(
      Object.entries(ttft).map(([key, value]) => [key, Number(value) * lower]),
    );
    const range = { lower: { ...ttft, ...scaled }, upper: ttft };
    return { slow, model, more: { metrics: { ...metrics, ttft: { ...ttft, range } } } };
  };
  const bestOf = (matrix: Matrix) =>
    matrix.cells.flatMap(({ place, best }) => (best.includes("ttftMedian") ? [place.model] : []));

  it("have the ends over all runs of a cell", () => {
    const [cell] = made(starved(2, 0.5, "a"), { slow: 1, model: "a" }, { slow: 3, model: "a" }).cells;
    expect(cell?.figures.ttftMedian).toMatchObject({ median: 20, ends: { lower: 10, upper: 30 } });
    expect(made({ model: "a" }).cells[0]?.figures.ttftMedian).not.toHaveProperty("ends");
  });
  it("leave a column without a best where one of them may be it", () => {
    expect(bestOf(made({ slow: 1, model: "a" }, starved(3, 0.5, "b")))).toEqual(["a"]);
    expect(bestOf(made({ slow: 1, model: "a" }, starved(3, 0.3, "b")))).toEqual([]);
    expect(bestOf(made(starved(1, 0.5, "a"), { slow: 3, model: "b" }))).toEqual([]);
  });
});
