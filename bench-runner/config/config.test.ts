import { describe, expect, it } from "vitest";
import { endsWithPrompts, resolveConfig } from "./config.ts";
import { toConfigText } from "./config-text.ts";
import type { ConfigSources } from "./config-types.ts";
import { planLoad, withPrompts, withSchedule } from "./load-plan.ts";
import { toShownValues } from "./shown-values.ts";

const resolve = (
  flags: Record<string, string>,
  variables: Record<string, string> = {},
  more: Partial<ConfigSources> = {},
) => resolveConfig({ flags, variables, ...more });

describe("what is measured", () => {
  const file = (path: string) => ({ kind: "start", model: { kind: "file", path } });
  const url = (text: string) => ({ kind: "url", url: text });
  const rows: [string, Record<string, string>, Record<string, string>, object][] = [
    ["a file by flag", { model: "a.gguf" }, {}, file("a.gguf")],
    ["a file by variable", {}, { SERVER_BENCH_MODEL: "a.gguf" }, file("a.gguf")],
    [
      "a download",
      { "hf-repo": "a/b", "hf-file": "c.gguf" },
      {},
      { kind: "start", model: { kind: "hub", repo: "a/b", file: "c.gguf" } },
    ],
    ["a running server", { url: "http://h:1" }, {}, url("http://h:1")],
    ["a running server by variable", {}, { SERVER_BENCH_URL: "http://h:1" }, url("http://h:1")],
    [
      "a running server, --model being the name to ask for",
      { url: "http://h:1", model: "llama" },
      {},
      url("http://h:1"),
    ],
    [
      "by flag rather than by variable: a file",
      { model: "a.gguf" },
      { SERVER_BENCH_URL: "http://h:1" },
      file("a.gguf"),
    ],
    [
      "by flag rather than by variable: a URL",
      { url: "http://h:1" },
      { SERVER_BENCH_MODEL: "a.gguf" },
      url("http://h:1"),
    ],
    [
      "by flag rather than by variable: a download",
      { "hf-repo": "a/b" },
      { SERVER_BENCH_MODEL: "a.gguf" },
      { kind: "start", model: { kind: "hub", repo: "a/b" } },
    ],
  ];
  it.each(rows)("%s", (_, flags, variables, target) => {
    expect(resolve(flags, variables).target).toEqual(target);
  });

  it("is the fallback when nothing names a model", () => {
    expect(resolve({}, {}, { fallbackModel: "/cache/m.gguf" }).target).toEqual(file("/cache/m.gguf"));
  });

  it("gives --model to a running server as the name to ask for", () => {
    expect(resolve({ url: "http://h:1", model: "llama" }).load.modelAlias).toBe("llama");
    const both = { url: "http://h:1", model: "llama", "model-alias": "other" };
    expect(resolve(both).load.modelAlias).toBe("other");
  });
});

describe("a contradiction", () => {
  const rows: [string, Record<string, string>, Record<string, string>, RegExp][] = [
    ["nothing to measure", {}, {}, /Nothing to measure: give `--model FILE.gguf`/],
    ["a URL and a download", { url: "http://h:1", "hf-repo": "a/b" }, {}, /either `--url`.*or `--hf-repo`/],
    ["a file and a download", { model: "m", "hf-repo": "a/b" }, {}, /either `--model`.*or `--hf-repo`/],
    ["a file of no repository", { "hf-file": "c" }, {}, /add `--hf-repo OWNER\/NAME`/],
    [
      "more clients than requests",
      { model: "m", vus: "8", iterations: "4" },
      {},
      /at least `--vus` \(8\), got `4`/,
    ],
    [
      "a bad number of layers",
      { model: "m", "n-gpu-layers": "x" },
      {},
      /`--n-gpu-layers`: expected a whole number, `auto` or `all`, got `x`/,
    ],
    [
      "a non-number in a variable",
      { model: "m" },
      { SERVER_BENCH_VUS: "many" },
      /`SERVER_BENCH_VUS`: expected a whole number above 0, got `many`/,
    ],
    [
      "a time without sense",
      { model: "m", duration: "soon" },
      {},
      /`--duration`: expected a time.*got `soon`/,
    ],
  ];
  it.each(rows)("%s is one clear sentence", (_, flags, variables, message) => {
    expect(() => resolve(flags, variables)).toThrow(message);
  });
});

describe("origins", () => {
  it("a flag wins over a variable, a variable over the profile, the profile over the default", () => {
    const config = resolve(
      { model: "m", "max-tokens": "1" },
      { SERVER_BENCH_MAX_TOKENS: "2", SERVER_BENCH_SLEEP: "2" },
      { profile: { maxTokens: "3", sleep: "3", nPrompts: "3" } },
    );
    expect([config.load.maxTokens, config.load.sleep, config.load.nPrompts]).toEqual([1, 2, 3]);
    expect(config.origins).toMatchObject({
      maxTokens: "flag",
      sleep: "variable",
      nPrompts: "profile",
      seed: "default",
      vus: "derived",
      iterations: "derived",
    });
  });

  it("branch and commit come from git by default", () => {
    const git = { branch: "main", commit: "abc" };
    const config = resolve({ model: "m", commit: "def" }, {}, { git });
    expect([config.runner.branch, config.runner.commit]).toEqual(["main", "def"]);
    expect(config.origins).toMatchObject({ branch: "git", commit: "flag" });
  });
});

describe("what is shown", () => {
  it("has no secrets", () => {
    const config = resolve(
      {
        url: "http://me:sesame@h:1/v1",
        "llama-server-arg": '["--api-key sesame", "--api-key", "sesame", "--hf-token=sesame"]',
      },
      { SERVER_BENCH_API_KEY: "sesame" },
    );
    const shown = JSON.stringify(toShownValues(config)) + toConfigText(config, "a server");
    expect(shown).not.toContain("sesame");
    expect(shown).toContain("(set, not shown)");
  });

  it("groups the values by origin, each as the user could write it", () => {
    const text = toConfigText(
      resolve({ model: "m.gguf", duration: "1m" }, { SERVER_BENCH_SLEEP: "0.1" }),
      "llama-server on port 1",
    );
    expect(text).toContain("server        llama-server on port 1");
    expect(text).toContain("load          8 clients, each prompt once or 60 s, scenario script");
    expect(text).toContain("by flag       duration 60s, model m.gguf");
    expect(text).toContain("by variable   SERVER_BENCH_SLEEP=0.1s");
    expect(text).toMatch(/^default {7}\d\d options that nobody changed \(--verbose lists them\)$/m);
  });

  it("lists what nobody changed with --verbose, and breaks nothing inside a word at 80 columns", () => {
    const config = resolve({
      model: "m.gguf",
      verbose: "true",
      "system-prompt": "Be brief, and be kind. ".repeat(9),
    });
    const text = toConfigText(config, `a server ${"with a long name ".repeat(9)}`, planLoad(config), 80);
    expect(text).toMatch(/^default {7}model-alias my-model, /m);
    const lines = text.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const words = new Set(
      toConfigText(config, `a server ${"with a long name ".repeat(9)}`, planLoad(config), 9999).split(/\s+/),
    );
    expect(text.split(/\s+/).filter((word) => !words.has(word))).toEqual([]);
  });

  it("does not name a size for a load without one: each prompt is sent once", () => {
    const plan = planLoad(resolve({ model: "m" }));
    const once = (rows: number, isOnce: boolean) =>
      withPrompts(plan, resolve({ model: "m" }).shape, rows, isOnce).iterations;
    expect([once(400, true), once(900, true), once(10_000, true)]).toEqual([400, 900, 10_000]);
    expect(withPrompts(plan, resolve({ model: "m" }).shape, 900, true).options.nPrompts).toBe(900);
    expect(endsWithPrompts(resolve({ model: "m" }))).toBe(true);
    expect(endsWithPrompts(resolve({ model: "m", duration: "60" }))).toBe(true);
    expect(endsWithPrompts(resolve({ model: "m", "n-prompts": "480" }))).toBe(false);
    expect(endsWithPrompts(resolve({ model: "m", iterations: "480" }))).toBe(false);
    expect(toConfigText(resolve({ model: "m", iterations: "480" }), "s")).toContain(
      "8 clients, 480 requests or",
    );
  });

  it("sends each prompt once in an open loop, too, unless its time, its schedule or its number is given", () => {
    const ends = (flags: Record<string, string>) => endsWithPrompts(resolve({ model: "m", ...flags }));
    expect(ends({ rate: "5" })).toBe(true);
    for (const sized of [
      { rate: "5", duration: "60" },
      { rate: "5", iterations: "60" },
      { rate: "5", "n-prompts": "60" },
      { "rate-stages": "30s:5" },
      { "arrivals-function": "lambda t: 1 if t < 9 else None" },
    ]) {
      expect(ends(sized), JSON.stringify(sized)).toBe(false);
    }
  });
});

describe("the shape of the load", () => {
  const rows: [string, Record<string, string>, object][] = [
    [
      "nothing said: the prompts of the dataset",
      {},
      { kind: "plain", vus: 8, iterations: 10_000, durationSeconds: 600 },
    ],
    [
      "a ramp starts the closed scenario",
      { vus: "50", "ramp-up": "5s" },
      { kind: "closed", vus: 50, iterations: 10_000, durationSeconds: 600 },
    ],
    [
      "stages end by time alone",
      { stages: "10s:3,20s:9" },
      { kind: "closed", vus: 9, iterations: undefined, durationSeconds: 30 },
    ],
    ["the named scenario has its ramp by itself", { scenario: "closed" }, { kind: "closed", vus: 8 }],
    ["a rate starts the open one", { rate: "5", "max-concurrency": "20" }, { kind: "open", vus: 20 }],
    ["so does a workload", { workload: "stress-test" }, { kind: "open", vus: 100 }],
  ];
  it.each(rows)("%s", (_, flags, expected) => {
    expect(resolve({ model: "m", ...flags })).toMatchObject(expected);
  });

  const bad: [string, Record<string, string>, RegExp][] = [
    ["clients for an open loop", { rate: "5", vus: "4" }, /use `--max-concurrency`/],
    [
      "a rate for the classic",
      { scenario: "script", rate: "5" },
      /an option of the scenario `script`: use the scenario `open`/,
    ],
    ["an open loop without a schedule", { scenario: "open" }, /when requests are due/],
    ["a cool-down by time of a run by requests", { "cooldown-time": "5s" }, /use `--cooldown-requests`/],
  ];
  it.each(bad)("refuses %s", (_, flags, message) => {
    expect(() => resolve({ model: "m", ...flags })).toThrow(message);
  });

  it("a schedule says how many requests there are, and how many at a time at most", () => {
    const config = resolve({ model: "m", rate: "5", duration: "10" });
    const schedule = { offsetsMs: [0, 200, 400], seconds: 10 };
    const plan = withSchedule(planLoad(config), config.shape, schedule);
    expect(plan).toMatchObject({ clients: 3, iterations: 3, seconds: 10, schedule });
    expect(toShownValues(config, plan)).toMatchObject({ iterations: 3 });
  });

  it("options of other shapes are not shown", () => {
    const shown = toShownValues(resolve({ model: "m" }));
    expect(Object.keys(shown)).not.toContain("arrivals");
    expect(Object.keys(toShownValues(resolve({ model: "m", rate: "5" })))).toContain("arrivals");
  });
});

describe("a resolved configuration", () => {
  const config = resolve({ model: "m", "when-out": "end", stop: '["a"]', require: "TTFT.p95 < 1s" });

  it("is frozen in all its parts", () => {
    const loose: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== "object" || value === null) return;
      if (!Object.isFrozen(value)) loose.push(path);
      for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`);
    };
    visit(config, "config");
    expect(loose).toEqual([]);
    expect(config.load.stop).toEqual(["a"]);
  });

  it("stays as it is while its load's plan grows", () => {
    const plan = withPrompts(planLoad(config), config.shape, 5);
    expect(plan).toMatchObject({ clients: 5, iterations: 5, seconds: 600 });
    expect(toShownValues(config, plan)).toMatchObject({ vus: 5, iterations: 5 });
    expect(config).toMatchObject({ vus: 8, iterations: 10_000 });
  });
});
