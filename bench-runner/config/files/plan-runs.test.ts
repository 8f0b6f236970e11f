import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Config, resolveConfig } from "../config.ts";
import { type CommandLine, planRuns } from "./plan-runs.ts";

const FILES = {
  "targets.yaml": `targets:
  - name: one
    base_url: http://localhost:8001/v1
    api_key: EMPTY
  - name: two
    base_url: \${TWO_URL:-http://localhost:8002/v1}
    api_key_env: TWO_KEY
    max_tokens: 100
  - name: started
    start: serve {model} --port {port}
    env: {GPU: "0"}
  - name: llama
    parallel: 2
`,
  "models.yaml": `models:
  - name: small
    full_name: org/small-instruct
    hf_repo: org/small-gguf
  - name: large
    full_name: org/large-instruct
    max_tokens: 200
`,
  "workloads.yaml": `workloads:
  - name: medium-load
    duration: 300
    rps: 5
    concurrency: 10
  - name: users
    concurrency: 4
    iterations: 8
    max_tokens: 300
  - name: high-load
    rps: 20
    concurrency: 50
`,
};

const folder = mkdtempSync(join(tmpdir(), "server-bench-plan-"));
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
const oneFile = join(folder, "own.yaml");
writeFileSync(
  oneFile,
  "name: nightly\nseed: 7\ntargets: [{name: a, base_url: 'http://localhost:1'}]\nworkloads: [{name: w, vus: 3}, {name: v, vus: 4}]\nrun: {workloads: [w, low-load]}\n",
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Given = Partial<CommandLine>;
const plan = (flags: Record<string, string>, more: Given = {}) =>
  planRuns({ variables: {}, ...more, flags: { config: folder, ...flags } });

/** The first run, as it would be measured. */
function resolve(flags: Record<string, string>, more: Given = {}): Config {
  const [run] = plan(flags, more).runs;
  if (run === undefined) throw new Error("no run");
  return resolveConfig({ ...run, ...(run.names.workload && { workloadName: run.names.workload }) });
}

describe("a target, a model and a workload by name", () => {
  it("are all that a run needs", () => {
    const config = resolve({ target: "one", model: "small", workload: "medium-load" });
    expect(config.target).toEqual({ kind: "url", url: "http://localhost:8001/v1" });
    expect(config.load).toMatchObject({ modelAlias: "org/small-instruct", apiKey: "EMPTY" });
    expect(config.shape).toMatchObject({ rate: 5, maxConcurrency: 10, duration: 300, arrivals: "constant" });
    expect(config.runner.name).toBe("one-small-medium-load");
  });

  it("may be given without flags, in this order", () => {
    const config = resolve({}, { words: ["one", "small", "high-load"] });
    expect(config.shape).toMatchObject({ rate: 20, maxConcurrency: 50, duration: 300 });
    expect(config.load).toMatchObject({ maxTokens: 1024, temperature: 0.7, promptType: "medium" });
  });

  it("make each with each where there are several, servers outermost", () => {
    const { runs } = plan(
      { target: "one,two", model: "all", workload: "users,medium-load" },
      { variables: { TWO_KEY: "k" } },
    );
    expect(runs.map(({ names }) => Object.values(names).join(" "))).toEqual([
      "one small users",
      "one small medium-load",
      "one large users",
      "one large medium-load",
      "two small users",
      "two small medium-load",
      "two large users",
      "two large medium-load",
    ]);
  });

  it("a model that is in no file is asked for by its name, and by its full name it is the entry", () => {
    expect(resolve({ target: "one", model: "other/model" }).load.modelAlias).toBe("other/model");
    expect(plan({ target: "one", model: "org/large-instruct" }).runs[0]?.names.model).toBe("large");
  });

  it("an address is a target, too", () => {
    const config = resolve({ target: "http://localhost:9/v1", model: "m", workload: "users" });
    expect(config.target).toEqual({ kind: "url", url: "http://localhost:9/v1" });
  });

  it("the server that a command starts gets its model's name, llama-server the file to load", () => {
    expect(resolve({ target: "started", model: "small" }).target).toEqual({
      ...{ kind: "command", start: "serve {model} --port {port}", env: { GPU: "0" }, name: "started" },
    });
    expect(resolve({ target: "started", model: "small" }).runner.model).toBe("org/small-instruct");
    expect(resolve({ target: "llama", model: "small" })).toMatchObject({
      target: { kind: "start", model: { kind: "hub", repo: "org/small-gguf" } },
      runner: { parallel: 2 },
    });
    expect(resolve({ target: "one", model: "small" }).runner.hfRepo).toBeUndefined();
  });
});

describe("what counts", () => {
  const models = { target: "two", model: "large", workload: "users" };
  const rows: [string, Record<string, string>, Record<string, string>, number, string][] = [
    ["of a target, a model and a workload the last", models, {}, 300, "file"],
    ["of a target and a model the model", { ...models, workload: "low-load" }, {}, 200, "file"],
    ["of a file and a variable the variable", models, { SERVER_BENCH_MAX_TOKENS: "5" }, 5, "variable"],
    [
      "of a variable and a flag the flag",
      { ...models, "max-tokens": "6" },
      { SERVER_BENCH_MAX_TOKENS: "5" },
      6,
      "flag",
    ],
  ];
  it.each(rows)("%s", (_, flags, variables, maxTokens, origin) => {
    const config = resolve(flags, { variables: { TWO_KEY: "k", ...variables } });
    expect(config.load.maxTokens).toBe(maxTokens);
    expect(config.origins.maxTokens).toBe(origin);
  });

  it("is the flag that names a target, above a variable with an address", () => {
    const variables = { SERVER_BENCH_URL: "http://elsewhere:1", SERVER_BENCH_API_KEY: "for elsewhere" };
    const config = resolve({ target: "one", model: "small", workload: "users" }, { variables });
    expect(config.target).toEqual({ kind: "url", url: "http://localhost:8001/v1" });
    expect(config.load.apiKey).toBe("EMPTY");
  });

  it("is the flags that say which server is measured, above a file", () => {
    const config = resolve({ url: "http://localhost:7", vus: "2" });
    expect(config.target).toEqual({ kind: "url", url: "http://localhost:7" });
    expect(config.shape.rate).toBeUndefined();
  });

  it("is the arrivals of a flag, above a workload's", () => {
    const flags = { target: "one", model: "small", workload: "medium-load", "rate-stages": "1s:1,1s:2" };
    expect(resolve(flags).shape).toMatchObject({ rateStages: "1s:1,1s:2", maxConcurrency: 10 });
  });

  it("where a run ends by a number of requests, no default of time", () => {
    const flags = { target: "one", model: "small", workload: "high-load", iterations: "20" };
    expect(resolve(flags).shape).toMatchObject({ iterations: 20 });
    expect(resolve(flags).shape.duration).toBeUndefined();
  });
});

describe("without a workload", () => {
  const base = { target: "one", model: "small" };

  it("several in the files make it five minutes of high load, and it is said", () => {
    const { runs, notices } = plan(base);
    expect(runs.map(({ names }) => names.workload)).toEqual(["high-load"]);
    expect(notices.join()).toContain("`high-load`");
  });

  it("flags change that as they would change any workload", () => {
    const config = resolve({ ...base, duration: "600" }, { aliases: { rps: "50", concurrency: "100" } });
    expect(config.shape).toMatchObject({ rate: 50, maxConcurrency: 100, duration: 600 });
    expect(config.load).toMatchObject({ maxTokens: 1024, temperature: 0.7, promptType: "medium" });
  });

  it("the same settings are the same load by flags, in a file, and as one of the project's", () => {
    const path = join(folder, "same.yaml");
    const target = "http://localhost:1";
    const of = (flags: Record<string, string>, aliases: Record<string, string> = {}) => {
      const { load, shape } = resolve({ target, model: "m", ...flags }, { aliases });
      const { workload: _, ...rest } = shape;
      return { ...load, ...rest };
    };
    const texts = ["duration: 300", "rps: 5", "concurrency: 10"];
    writeFileSync(path, `workloads:\n- name: own\n  ${texts.join("\n  ")}\n`);
    const asked = of({ config: path, workload: "own" });
    expect(asked).toMatchObject({ rate: 5, maxConcurrency: 10, duration: 300, arrivals: "constant" });
    expect(asked).toMatchObject({ maxTokens: 1024, temperature: 0.7, promptType: "medium" });
    const none = join(folder, "none.yaml");
    writeFileSync(none, "seed: 42\n");
    expect(of({ config: none, workload: "medium-load" })).toEqual(asked);
    expect(of({ config: none, duration: "300" }, { rps: "5", concurrency: "10" })).toEqual(asked);
    expect(of({ config: none }, { rps: "5", concurrency: "10" })).toEqual(asked);
    writeFileSync(path, `${texts.join("\n")}\n`);
    expect(of({ config: path })).toEqual(asked);
  });

  it("`--rps` leaves what is given, and the other options of a named load, as they are", () => {
    const { load, shape, origins } = resolve(
      { target: "http://localhost:1", model: "m", iterations: "20", temperature: "0", burstiness: "0.5" },
      { aliases: { rps: "5" }, variables: { SERVER_BENCH_MAX_TOKENS: "9" } },
    );
    expect(load).toMatchObject({ temperature: 0, maxTokens: 9, promptType: "medium" });
    expect(shape).toMatchObject({ rate: 5, burstiness: 0.5, arrivals: "poisson" });
    expect(shape.duration).toBeUndefined();
    expect(origins).toMatchObject({ promptType: "flag", maxTokens: "variable" });
    const named = { target: "one", model: "small", workload: "stress-test" };
    expect(resolve(named, { aliases: { rps: "2" } }).shape).toMatchObject({ rate: 2, duration: 600 });
  });

  it("clients by flag are a load of their own", () => {
    const { runs } = plan({ ...base, vus: "2" });
    expect(runs.map(({ names }) => names.workload)).toEqual([undefined]);
  });

  it("commands that say themselves how much load there is get none from files", () => {
    const path = join(folder, "load.yaml");
    writeFileSync(
      path,
      "url: http://localhost:1\nvus: 2\nmax_tokens: 9\nworkloads: [{name: w, rps: 2}]\nconcurrency: 3\n",
    );
    const [run] = plan({ config: path }, { withoutWorkloads: true }).runs;
    expect(run).toMatchObject({ file: { url: "http://localhost:1", maxTokens: "9" }, names: {} });
    expect(Object.keys(run?.file ?? {})).toHaveLength(2);
  });

  it("what `run` names is taken", () => {
    const { runs } = plan({ config: oneFile });
    expect(runs.map(({ names }) => names.workload)).toEqual(["w", "low-load"]);
    expect(runs[0]?.file).toMatchObject({ name: "nightly", seed: "7", vus: "3" });
  });
});

describe("concurrency", () => {
  const of = (flags: Record<string, string>, aliases: Record<string, string>) =>
    planRuns({ flags: { url: "http://localhost:7", config: folder, ...flags }, aliases, variables: {} })
      .runs[0]?.flags;

  it("is the cap where requests come at a rate, else the clients", () => {
    expect(of({}, { concurrency: "4" })).toMatchObject({ vus: "4" });
    expect(of({}, { concurrency: "4", rps: "2" })).toMatchObject({ rate: "2", "max-concurrency": "4" });
    expect(of({ workload: "high-load" }, { concurrency: "4" })).toMatchObject({ "max-concurrency": "4" });
    expect(of({ workload: "users" }, { concurrency: "4" })).toMatchObject({ vus: "4" });
    expect(of({ workload: "users", rate: "2" }, { concurrency: "4" })).toMatchObject({
      "max-concurrency": "4",
    });
  });

  it("in a file follows the same rule", () => {
    expect(resolve({ target: "one", model: "small", workload: "users" })).toMatchObject({
      vus: 4,
      iterations: 8,
    });
  });
});

describe("names of a benchmark with threads", () => {
  const url = "http://localhost:7";
  const of = (flags: Record<string, string>, aliases: Record<string, string>, variables = {}) => {
    const [run] = planRuns({ flags: { url, ...flags }, aliases, variables, onlyNamedFiles: true }).runs;
    return resolveConfig(run as NonNullable<typeof run>);
  };

  it("choose the closed loop, in which clients start one after the other", () => {
    for (const aliases of [{ "num-threads": "4" }, { backend: "ppl", "num-threads": "4" }]) {
      const { kind, vus, shape, origins } = of({}, aliases as Record<string, string>);
      expect({ kind, vus, rampUp: shape.rampUp }).toEqual({ kind: "closed", vus: 4, rampUp: undefined });
      expect(origins.scenario).toBe("flag");
    }
    const set = of({}, {}, { BACKEND: "vllm" });
    expect([set.kind, set.load.endpoint, set.origins.scenario]).toEqual([
      "closed",
      "completions",
      "variable",
    ]);
  });

  it.each([
    [{ rate: "2" }, { backend: "vllm" }, {}, "open"],
    [{}, { "request-rate": "2" }, { BACKEND: "vllm" }, "open"],
    [{ workload: "low-load" }, { backend: "vllm" }, {}, "open"],
    [{ scenario: "script" }, { "num-threads": "2" }, {}, "plain"],
    [{}, { backend: "vllm" }, { SERVER_BENCH_SCENARIO: "script" }, "plain"],
    [{}, {}, {}, "plain"],
  ] as [Record<string, string>, Record<string, string>, Record<string, string>, string][])(
    "%j %j %j give way to another load that is asked for",
    (flags, aliases, variables, kind) => expect(of(flags, aliases, variables).kind).toBe(kind),
  );
});

describe("without files", () => {
  it("several models and workloads make a matrix as well", () => {
    const flags = { url: "http://localhost:7", model: "a,b", workload: "low-load,high-load" };
    const { runs } = planRuns({ flags, variables: {}, onlyNamedFiles: true });
    expect(runs.map(({ flags: { model, workload } }) => [model, workload])).toEqual([
      ["a", "low-load"],
      ["a", "high-load"],
      ["b", "low-load"],
      ["b", "high-load"],
    ]);
  });

  it("one of each is what it always was: flags and variables stay where they are", () => {
    const flags = { url: "http://localhost:7", model: "a", vus: "2" };
    const variables = { SERVER_BENCH_WORKLOAD: "low-load", OTHER: "x" };
    expect(planRuns({ flags, variables, onlyNamedFiles: true }).runs).toEqual([
      { flags, variables, file: {}, names: { model: "a", workload: "low-load" } },
    ]);
  });
});

describe("wrong choices", () => {
  it("all of nothing: one sentence", () => {
    const path = join(folder, "empty.yaml");
    writeFileSync(path, "url: http://localhost:1\nrun: {models: all}\n");
    expect(() => plan({ config: path })).toThrow("`run` selects all entries of an empty list");
  });

  const rows: [string, Record<string, string>, Given, string][] = [
    [
      "an unknown target",
      { target: "onee" },
      {},
      "`--target`: unknown target `onee`. Did you mean `one`? Known targets: `one`, `two`, `started`, `llama`",
    ],
    [
      "a word that is neither command nor target",
      {},
      { words: ["onee", "small"] },
      "`onee` (not a command): unknown target `onee`.",
    ],
    [
      "an unknown workload",
      { target: "one", model: "small", workload: "usres" },
      {},
      "`--workload`: unknown workload `usres`. Did you mean `users`?",
    ],
    [
      "several targets and no choice",
      {},
      {},
      "has several targets: `one`, `two`, `started`, `llama`. Choose with `--target one`",
    ],
    [
      "several models and no choice",
      { target: "one" },
      {},
      "has several models: `small`, `large`. Choose with `--model small`",
    ],
    [
      "two servers",
      { target: "one", url: "http://localhost:7" },
      {},
      "Expected either `--target` or `--url`",
    ],
    [
      "two targets, by word and flag",
      { target: "one" },
      { words: ["two", "small"] },
      "`two` and `--target one` each name a target",
    ],
    ["a fourth word", {}, { words: ["one", "small", "users", "x"] }, "Unexpected argument `x`"],
    [
      "a variable that is not set",
      { target: "two", model: "small" },
      {},
      "targets.yaml:7: `api_key_env` names the variable `TWO_KEY`, which is not set. Set it to the key.",
    ],
    [
      "an address from a variable that is none",
      { target: "two", model: "small" },
      { variables: { TWO_KEY: "k", TWO_URL: "here" } },
      "targets.yaml:6: `base_url`: expected a URL that starts with http:// or https://, got `here`.",
    ],
  ];
  it.each(rows)("%s: one sentence, exit code 2", (_, flags, more, message) => {
    expect(() => plan(flags, more)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitCode: 2 }),
    );
  });
});
