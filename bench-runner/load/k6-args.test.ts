// biome-ignore-all lint/suspicious/noTemplateCurlyInString: headers name variables like this
import { describe, expect, it } from "vitest";
import { type Config, resolveConfig } from "../config/config.ts";
import { hideSecretVariables } from "../config/keys.ts";
import { planLoad } from "../config/load-plan.ts";
import * as k6 from "./k6-args.ts";
import { K6_CONFIG_FILE } from "./k6-environment.ts";

const toK6Args = (config: Config, scenario: string) => k6.toK6Args(config, planLoad(config), scenario);
const toK6Variables = (config: Config, url: string, files: k6.K6Files) =>
  k6.toK6Variables(config, planLoad(config), url, files);
const toK6Settings = (config: Config) => k6.toK6Settings(config, planLoad(config));

const START = ["run", "--quiet", "--no-color", "--config", K6_CONFIG_FILE];

const resolve = (flags: Record<string, string>, variables: Record<string, string> = {}) =>
  resolveConfig({ flags: { model: "m.gguf", ...flags }, variables });

const files = {
  rows: "/r/prompts.jsonl",
  settings: "/r/settings.json",
  journal: "/r/records.jsonl",
  summary: "/r/k6-summary.json",
};

describe("k6's command line", () => {
  const rows: [string, Record<string, string>, string[]][] = [
    [
      "has the prompts of the dataset, of which there are this many at most",
      {},
      ["--vus", "8", "--iterations", "10000", "--duration", "600s"],
    ],
    [
      "has a default number of synthetic prompts",
      { "prompt-tokens": "20" },
      ["--vus", "8", "--iterations", "480", "--duration", "600s"],
    ],
    [
      "has a client a slot, and an iteration a prompt",
      { parallel: "4", "n-prompts": "200" },
      ["--vus", "4", "--iterations", "200", "--duration", "600s"],
    ],
    [
      "takes clients and requests of their own",
      { vus: "2", iterations: "10", duration: "90" },
      ["--vus", "2", "--iterations", "10", "--duration", "90s"],
    ],
    [
      "takes a duration with units",
      { duration: "1h30m" },
      ["--vus", "8", "--iterations", "10000", "--duration", "5400s"],
    ],
    [
      "has no more clients than requests",
      { iterations: "3" },
      ["--vus", "3", "--iterations", "3", "--duration", "600s"],
    ],
    [
      "debugs HTTP without bodies",
      { "http-debug": "brief" },
      ["--vus", "8", "--iterations", "10000", "--duration", "600s", "--http-debug"],
    ],
    [
      "debugs HTTP with bodies",
      { "http-debug": "full" },
      ["--vus", "8", "--iterations", "10000", "--duration", "600s", "--http-debug=full"],
    ],
  ];
  for (const [sentence, flags, middle] of rows) {
    it(sentence, () => {
      expect(toK6Args(resolve(flags), "/s.js")).toEqual([...START, ...middle, "/s.js"]);
    });
  }
});

it("has the tags of k6's outputs, whose addresses are a variable", () => {
  const config = resolve({
    "k6-tag": '["team=search", "run=7"]',
    "k6-out": '["json=a.json", "influxdb=http://me:sesame@h/db"]',
  });
  expect(toK6Args(config, "/s.js").join(" ")).toContain(" --tag team=search --tag run=7 ");
  const variables = toK6Variables(config, "http://h", files);
  expect(variables.K6_OUT).toBe("json=a.json,influxdb=http://me:sesame@h/db");
  expect(hideSecretVariables(variables).K6_OUT).toBe("json=a.json,influxdb=http://h/db");
  expect(toK6Variables(resolve({}), "http://h", files)).not.toHaveProperty("K6_OUT");
});

describe("k6's environment", () => {
  const variablesFor = (flags: Record<string, string>, own: Record<string, string> = {}) =>
    toK6Variables(resolve(flags, own), "http://127.0.0.1:9000", files);

  it("says how to get at the server, without the values of variables in headers", () => {
    const variables = variablesFor(
      { header: '["X-Key: ${K}"]', "ca-file": "/a/ca.pem", insecure: "true" },
      { K: "sesame" },
    );
    expect(variables).toMatchObject({
      SERVER_BENCH_HEADERS: '["X-Key: ${K}"]',
      SSL_CERT_FILE: "/a/ca.pem",
      K6_INSECURE_SKIP_TLS_VERIFY: "true",
    });
    expect(Object.keys(variablesFor({}))).not.toContain("SSL_CERT_FILE");
    expect(JSON.stringify(hideSecretVariables(variables))).not.toContain("X-Key");
  });

  it("names the files of the run and has the seven variables of llama.cpp's server bench", () => {
    const variables = variablesFor({ "max-tokens": "64", "n-prompts": "480", dataset: "/d/rows.jsonl" });
    expect(variables).toMatchObject({
      SERVER_BENCH_URL: "http://127.0.0.1:9000",
      SERVER_BENCH_N_PROMPTS: "480",
      SERVER_BENCH_MODEL_ALIAS: "my-model",
      SERVER_BENCH_MAX_TOKENS: "64",
      SERVER_BENCH_DATASET: "/d/rows.jsonl",
      SERVER_BENCH_MAX_PROMPT_TOKENS: "1024",
      SERVER_BENCH_MAX_CONTEXT: "2048",
      SERVER_BENCH_ROWS: "/r/prompts.jsonl",
      SERVER_BENCH_SETTINGS: "/r/settings.json",
      SERVER_BENCH_JOURNAL: "/r/records.jsonl",
      SERVER_BENCH_K6_SUMMARY: "/r/k6-summary.json",
    });
    expect(variablesFor({})).not.toHaveProperty("SERVER_BENCH_DATASET");
  });

  it("has two servers by variable, and none where the run was chosen from several", () => {
    const of = (flags: Record<string, string>) => variablesFor(flags).SERVER_BENCH_AB;
    expect(of({ ab: '["http://a","http://b"]' })).toBe('["http://a","http://b"]');
    const shown = hideSecretVariables(variablesFor({ ab: '["http://me:sesame@a","http://me:sesame@b"]' }));
    expect(shown.SERVER_BENCH_AB).toBe('["http://a","http://b"]');
    expect(of({ url: "http://a", target: "t" })).toBe("");
    expect(of({ url: "http://a" })).toBeUndefined();
  });

  it("hands the key over by variable, never by argument", () => {
    const config = resolve({}, { SERVER_BENCH_API_KEY: "sesame" });
    expect(toK6Variables(config, "http://x", files).SERVER_BENCH_API_KEY).toBe("sesame");
    expect(toK6Args(config, "/s.js").join(" ")).not.toContain("sesame");
  });

  it("keeps k6 from going online", () => {
    expect(variablesFor({})).toMatchObject({
      K6_AUTO_EXTENSION_RESOLUTION: "false",
      K6_NO_USAGE_REPORT: "true",
    });
  });
});

describe("k6's settings", () => {
  const settingsFor = (flags: Record<string, string>, own: Record<string, string> = {}) =>
    toK6Settings(resolve(flags, own));

  it("have every resolved load option as its value, whatever its origin", () => {
    const { load } = settingsFor(
      { "max-tokens": "64", "n-prompts": "480", stop: '["a", "b"]' },
      { SERVER_BENCH_SLEEP: "500ms", SERVER_BENCH_SEED: "7" },
    );
    expect(load).toMatchObject({
      nPrompts: 480,
      modelAlias: "my-model",
      maxTokens: 64,
      maxPromptTokens: 1024,
      maxContext: 2048,
      sleep: 0.5,
      seed: 7,
      stop: ["a", "b"],
    });
  });

  it("leave out what is not set", () => {
    expect(settingsFor({}).load).not.toHaveProperty("temperature");
    expect(settingsFor({ stop: "[]" }).load).not.toHaveProperty("stop");
  });

  it("have no key and no address, which may contain a password", () => {
    const settings = settingsFor(
      { url: "http://me:sesame@h", header: "X-Key: sesame" },
      { SERVER_BENCH_API_KEY: "sesame" },
    );
    expect(JSON.stringify(settings)).not.toContain("sesame");
  });

  it("have the requirements that are k6's to judge, and none of the others", () => {
    const require = ["success >= 99%", "itl.p99 < 1s"];
    expect(settingsFor({ require: JSON.stringify(require) }).load.require).toEqual(["success >= 99%"]);
    expect(settingsFor({ require: "itl.p99 < 1s" }).load).not.toHaveProperty("require");
  });
});

describe("a shape that is not plain", () => {
  it("gets no flags of k6's, which would make a plain closed loop of it", () => {
    const args = [...START, "/s.js"];
    expect(toK6Args(resolve({ rate: "5", duration: "10" }), "/s.js")).toEqual(args);
    expect(toK6Args(resolve({ "ramp-up": "1" }), "/s.js")).toEqual(args);
  });

  it("has the schedule of an open loop", () => {
    const config = resolve({ workload: "low-load" });
    const schedule = "/r/schedule.json";
    const variables = toK6Variables(config, "http://h", { ...files, schedule });
    expect(variables.SERVER_BENCH_SCHEDULE).toBe(schedule);
    expect(toK6Variables(config, "http://h", files)).not.toHaveProperty("SERVER_BENCH_SCHEDULE");
  });

  it("has settings: what was given, and how many clients follow from the slots", () => {
    const { load, shape, given } = toK6Settings(resolve({ workload: "low-load" }));
    expect(shape).toMatchObject({ workload: "low-load", rate: 1, maxConcurrency: 1 });
    expect(load.maxTokens).toBe(1024);
    expect(given).toEqual(expect.arrayContaining(["workload", "rate", "maxConcurrency"]));
    expect(shape).not.toHaveProperty("vus");
    const closed = toK6Settings(resolve({ "ramp-up": "1", parallel: "3" }));
    expect(closed.shape.vus).toBe(3);
    expect(closed.given).toContain("vus");
    expect(toK6Settings(resolve({ stages: "5s:3" })).shape).not.toHaveProperty("vus");
  });
});
