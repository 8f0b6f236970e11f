import { describe, expect, it } from "vitest";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { ALL_OPTIONS } from "../option-flags.ts";
import { withEnvSetup } from "./env-setup.ts";
import { FLAG_ALIASES, writeOutAliases } from "./flag-aliases.ts";

describe("a flag of another tool", () => {
  const rows: [string, Record<string, string>, Record<string, string>, Record<string, string>][] = [
    ["a rate", {}, { rps: "5" }, { rate: "5" }],
    ["an address without a scheme", {}, { "base-url": "127.0.0.1:23333" }, { url: "http://127.0.0.1:23333" }],
    ["an address with one", {}, { "base-url": "https://a/v1" }, { url: "https://a/v1" }],
    ["a backend", {}, { backend: "lightllm" }, { endpoint: "generate-stream" }],
    ["clients", {}, { "num-threads": "3", "ramp-up-time": "10" }, { vus: "3", "ramp-up": "10" }],
    ["requests", {}, { "num-requests": "9" }, { "n-prompts": "9", iterations: "9" }],
    [
      "requests of clients that end by time",
      { "thread-stop-time": "300" },
      { "num-requests": "9" },
      { "thread-stop-time": "300", "n-prompts": "9" },
    ],
    ["a task", {}, { task: "qa" }, { mix: '["question-answering=1"]' }],
    ["several tasks", {}, { task: "chat, code" }, { mix: '["chat=1","code=1"]' }],
    ["a cap, which depends on the load", {}, { concurrency: "4" }, {}],
  ];
  it.each(rows)("for %s is written out", (_, flags, given, expected) => {
    expect(writeOutAliases(flags, given)).toEqual(expected);
  });

  const wrong: [Record<string, string>, Record<string, string>, RegExp][] = [
    [{ rate: "1" }, { rps: "5" }, /^`--rps` and `--rate` set the same option: leave one out\.$/],
    [{}, { backend: "tgi" }, /^`--backend`: expected one of `vllm`, .*got `tgi`/],
    [{}, { "best-of": "2" }, /^`--best-of` is not supported: give `--extra-body/],
  ];
  it.each(wrong)("%j with %j is refused", (flags, given, message) => {
    expect(() => writeOutAliases(flags, given)).toThrow(message);
  });

  it("names existing options, and is none of their flags", () => {
    const flags = Object.values(ALL_OPTIONS).map(({ flag }) => flag);
    for (const [name, alias] of Object.entries(FLAG_ALIASES)) {
      expect(flags).not.toContain(name);
      if ("to" in alias)
        for (const key of alias.to) expect(ALL_OPTIONS[key]?.flag, `${name} → ${key}`).toBeDefined();
    }
  });
});

describe("variables of an env_setup.sh", () => {
  const setUp = {
    ...{ BACKEND: "amsv2", MODEL_SIZE: "7", TP_SIZE: "1", MODE: "fp16", ENABLE_SYSTEM_PROMPT: "0" },
    ...{ DATASET_PATH: "/data/samples_1024.json", SYSTEM_PROMPT_PATH: "/data/system.txt" },
    ...{ VLLM_SERVER_URL: "http://127.0.0.1:8000", AMSV2_SERVER_URL: "https://example.invalid/gpu8" },
    ...{ AMSV2_API_KEY: "secret", BENCHMARK_TOKENIZER_PATH: "/models/llama/" },
  };
  const own = (variables: Record<string, string | undefined>, leaveOut: string[] = []) =>
    Object.fromEntries(
      Object.entries(withEnvSetup(variables, leaveOut).variables).filter(([name]) =>
        name.startsWith("SERVER_BENCH_"),
      ),
    );

  it("become variables of this project", () => {
    expect(own(setUp)).toEqual({
      SERVER_BENCH_ENDPOINT: "amsv2",
      SERVER_BENCH_URL: "https://example.invalid/gpu8",
      SERVER_BENCH_API_KEY: "secret",
      SERVER_BENCH_NAME: "amsv2-7b-tp1-fp16",
      SERVER_BENCH_SYSTEM_PROMPT: "",
      SERVER_BENCH_DATASET: "/data/samples_1024.json",
      SERVER_BENCH_TOKENIZER: "/models/llama/tokenizer.json",
    });
  });

  it("give the system message only where that is on", () => {
    expect(own({ ...setUp, ENABLE_SYSTEM_PROMPT: "1" })).toMatchObject({
      SERVER_BENCH_SYSTEM_PROMPT_FILE: "/data/system.txt",
    });
    expect(own({ ...setUp, ENABLE_SYSTEM_PROMPT: "1" })).not.toHaveProperty("SERVER_BENCH_SYSTEM_PROMPT");
    expect(own({ BACKEND: "vllm", ENABLE_SYSTEM_PROMPT: "false" })).toMatchObject({
      SERVER_BENCH_SYSTEM_PROMPT: "",
    });
  });

  it("are names that this project's tables have", () => {
    const known = [...Object.values(LOAD_OPTIONS), ...Object.values(SHAPE_OPTIONS)].map(
      ({ variable }) => variable as string,
    );
    const written = Object.keys(own({ ...setUp, ENABLE_SYSTEM_PROMPT: "1" })).filter(
      (name) => name !== "SERVER_BENCH_NAME",
    );
    for (const name of written) expect(known).toContain(name);
  });

  it("mean nothing where BACKEND is none of its backends", () => {
    expect(withEnvSetup({ ...setUp, BACKEND: "tensorflow" })).toEqual({
      variables: { ...setUp, BACKEND: "tensorflow" },
      used: [],
    });
    expect(withEnvSetup({ MODE: "dark" }).used).toEqual([]);
  });

  it("give way to one of this project's, and to a target", () => {
    expect(own({ ...setUp, SERVER_BENCH_URL: "http://mine" }).SERVER_BENCH_URL).toBe("http://mine");
    expect(own(setUp, ["SERVER_BENCH_URL"])).not.toHaveProperty("SERVER_BENCH_URL");
  });
});
