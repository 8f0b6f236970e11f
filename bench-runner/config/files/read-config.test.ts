import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";
import { readModels, readTargets, readWorkloads } from "./read-sections.ts";
import { parseYaml } from "./yaml-file.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files. */
function write(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "server-bench-config-"));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const targets = (text: string) => readTargets(parseYaml(text, "t.yaml"));
const models = (text: string) => readModels(parseYaml(text, "m.yaml"));
const workloads = (text: string) => readWorkloads(parseYaml(text, "w.yaml"));

describe("entries", () => {
  it("for options are read by the option's key, in every spelling", () => {
    const [entry] = workloads("- {name: a, max_tokens: 8, ramp-up: 5s, promptType: long, n_prompts: 10}");
    const texts = Object.fromEntries(
      Object.entries(entry?.options ?? {}).map(([key, { text }]) => [key, text]),
    );
    expect(texts).toEqual({ maxTokens: "8", rampUp: "5s", promptType: "long", nPrompts: "10" });
  });

  it("with a list, a mapping or JSON become texts as the command line has them", () => {
    const [entry] = workloads(
      '- name: a\n  slo: [ttft=1s, tpot=50ms]\n  stop: END\n  extra_body: {best_of: 2}\n  headers: {X-Team: "1"}\n',
    );
    expect(entry?.options.slo?.text).toBe('["ttft=1s","tpot=50ms"]');
    expect(entry?.options.stop?.text).toBe("END");
    expect(entry?.options.extraBody?.text).toBe('{"best_of":2}');
    expect(entry?.options.headers?.text).toBe('["X-Team: 1"]');
    const [changed] = workloads("- {name: a, omit: [seed, top_k], extra_body: {seed: null, a: {b: ~}}}");
    expect(changed?.options.omit?.text).toBe('["seed","top_k"]');
    expect(changed?.options.extraBody?.text).toBe('{"seed":null,"a":{"b":null}}');
  });

  it("with `rps` are those that have the defaults that go with it", () => {
    expect(workloads("- {name: a, rps: 2, concurrency: 4}")[0]).toMatchObject({
      isPaced: true,
      concurrency: { text: "4" },
      options: { rate: { text: "2" } },
    });
    expect(workloads("- {name: a, rate: 2}")[0]).toMatchObject({ isPaced: false });
  });

  it("for a target may say how the server is started", () => {
    const [entry] = targets(
      '- name: a\n  start: serve {port}\n  stop: end it\n  ready: {path: /up, timeout: 2m}\n  env: {GPU: "0", N: 7}\n',
    );
    expect(entry?.command).toMatchObject({
      start: { text: "serve {port}" },
      stop: { text: "end it" },
      readyPath: { text: "/up" },
      readyTimeoutSeconds: 120,
      env: { GPU: { text: "0" }, N: { text: "7" } },
    });
  });

  it("with an empty list count as absent", () => {
    expect(models("[]")).toEqual([]);
    expect(models("~")).toEqual([]);
  });

  const wrong: [string, () => unknown, string][] = [
    [
      "a key that is mistyped",
      () => workloads("- name: a\n  durration: 5"),
      "w.yaml:2: Unknown key `durration` of a workload. Did you mean `duration`?",
    ],
    [
      "a key that is nothing like another",
      () => targets("- name: a\n  colour_of_the_rack: red"),
      "t.yaml:2: Unknown key `colour_of_the_rack` of a target. Leave it out; `--help` lists the options, docs/schemas/ all keys.",
    ],
    [
      "a value that does not fit",
      () => workloads("- name: a\n  rps: fast"),
      "w.yaml:2: `rps`: expected a number above 0, got `fast`.",
    ],
    [
      "a word that is none of the choices",
      () => workloads("- name: a\n  prompt_type: huge"),
      "w.yaml:2: `prompt_type`: expected one of `short`, `medium`, `long`, got `huge`.",
    ],
    [
      "a concurrency of nothing",
      () => workloads("- name: a\n  concurrency: 0"),
      "w.yaml:2: `concurrency`: expected a whole number above 0, got `0`.",
    ],
    [
      "a list where one value is meant",
      () => workloads("- name: a\n  duration: [1, 2]"),
      "w.yaml:2: `duration` is one value, not a list.",
    ],
    ["no name", () => models("- full_name: x"), "m.yaml:1: Expected a model to have a name: add `name: …`."],
    [
      "the name of another entry",
      () => models("- name: a\n- name: b\n- name: a"),
      "m.yaml:3: The model `a` is already defined in line 1: give this one another name.",
    ],
    [
      "a name with a comma",
      () => models('- name: "a,b"'),
      "m.yaml:1: `a,b` cannot be a name: `all`, commas and a dash at the beginning have other meanings. Choose another.",
    ],
    [
      "an option that belongs elsewhere",
      () => workloads("- name: a\n  base_url: http://x\n"),
      "w.yaml:2: Unknown key `base_url` of a workload.",
    ],
    [
      "an address in a workload",
      () => workloads("- name: a\n  url: http://x\n"),
      "w.yaml:2: `url` has no place in a workload: it belongs to a target.",
    ],
    [
      "an option of the call",
      () => targets("- name: a\n  quiet: true\n"),
      "t.yaml:2: `quiet` has no place in a target: it belongs to the top of server-bench.yaml, or on the command line.",
    ],
    [
      "one thing said twice",
      () => workloads("- name: a\n  rps: 1\n  rate: 2\n"),
      "w.yaml:3: `rate` repeats `rps` in line 2. Leave one out.",
    ],
    [
      "a stop without a start",
      () => targets("- name: a\n  stop: [END]\n"),
      "t.yaml:2: `stop` is for a server that `start` starts: add `start: …`, or leave it out. Stop sequences belong to a model or a workload.",
    ],
    [
      "a key twice over",
      () => targets("- name: a\n  api_key: x\n  api_key_env: Y\n"),
      "t.yaml:3: `api_key` and `api_key_env` each say what the key is. Leave one out.",
    ],
    [
      "a path that is none",
      () => targets("- name: a\n  start: serve\n  ready: health\n"),
      "t.yaml:3: `ready` is a path of the server, such as `/health`, got `health`.",
    ],
    [
      "a mapping instead of a list",
      () => targets("a: {base_url: x}"),
      "t.yaml:1: `targets` is a list: each entry begins with `- name: …`.",
    ],
    [
      "a word instead of an entry",
      () => targets("- local"),
      "t.yaml:1: Expected a target with `key: value` lines, such as `name: …`, got a value.",
    ],
  ];
  it.each(wrong)("with %s are refused with file, line and remedy", (_, run, message) => {
    expect(run).toThrow(expect.objectContaining({ message: expect.stringContaining(message), exitCode: 2 }));
  });

  it("with a secret that does not fit do not show it", () => {
    const run = () => targets("- name: a\n  api_key: {x: hidden}\n");
    expect(run).toThrow("t.yaml:2: `api_key` is one value, not a mapping.");
    expect(run).not.toThrow(/hidden/);
  });
});

describe("configuration files", () => {
  it("in a folder are those of the three names that exist", () => {
    const folder = write({
      "targets.yaml": "targets:\n  - name: a\n",
      "models.yml": "models: [{name: m}]\n",
    });
    const set = readConfig(folder);
    expect(set.files).toEqual([join(folder, "targets.yaml"), join(folder, "models.yml")]);
    expect([set.targets.length, set.models.length, set.workloads.length]).toEqual([1, 1, 0]);
  });

  it("can be one file with options for all, sections, and what is run", () => {
    const folder = write({
      "server-bench.yaml":
        "vus: 2\nrps: 3\ntargets: [{name: a}, {name: b}]\nrun:\n  targets: all\n  workload: low-load\n",
    });
    const set = readConfig(join(folder, "server-bench.yaml"));
    expect(set.common).toMatchObject({ vus: { text: "2" }, rate: { text: "3" } });
    expect(set.run).toMatchObject({ targets: "all", workloads: ["low-load"] });
  });

  const wrong: [string, Record<string, string>, RegExp][] = [
    ["an empty folder", {}, /`--config` .*has no targets\.yaml, models\.yaml or workloads\.yaml/],
    [
      "a key next to the list",
      { "targets.yaml": "targetz: []\n" },
      /targets\.yaml:1: Unknown key `targetz` .*Did you mean `targets`\?/,
    ],
    [
      "an unknown key of `run`",
      { "server-bench.yaml": "run:\n  tragets: all\n" },
      /:2: Unknown key `tragets` .*Did you mean `targets`\?/,
    ],
    [
      "what chooses files",
      { "server-bench.yaml": "config: x\n" },
      /:1: `config` has no place in server-bench\.yaml/,
    ],
  ];
  it.each(wrong)("with %s are refused", (_, files, message) => {
    expect(() => readConfig(write(files))).toThrow(message);
  });

  it("that are not there are named", () => {
    expect(() => readConfig("/nowhere/at/all.yaml")).toThrow("`/nowhere/at/all.yaml` does not exist");
  });
});
