import { describe, expect, it } from "vitest";
import { LOAD_OPTIONS } from "../../lib/core/options/options.ts";
import {
  ALL_OPTIONS,
  GROUPED_OPTIONS,
  toCommanderOptions,
  toFlagTexts,
  toVariableDocs,
  writeOutShortFlags,
} from "./option-flags.ts";
import { RUNNER_OPTIONS } from "./runner-options.ts";

describe("the tables of options", () => {
  it("put every option under exactly one heading", () => {
    const grouped = GROUPED_OPTIONS.flatMap(([, keys]) => keys).sort();
    expect(grouped).toEqual(Object.keys(ALL_OPTIONS).sort());
  });

  it("share no key, flag or variable", () => {
    const specs = Object.values(ALL_OPTIONS);
    for (const names of [
      specs.flatMap(({ flag }) => flag ?? []),
      specs.flatMap(({ variable }) => variable ?? []),
      [...Object.keys(LOAD_OPTIONS), ...Object.keys(RUNNER_OPTIONS)],
    ]) {
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("have all flags of bench.py, and the further ones", () => {
    const flags = toCommanderOptions().map(({ long }) => long);
    const benchPy =
      "runner-label name branch commit host port model-path-prefix n-prompts max-prompt-tokens max-tokens hf-repo hf-file " +
      "n-gpu-layers ctx-size parallel batch-size ubatch-size scenario duration";
    const further = "model vus iterations url llama-server-arg http-debug output ready-timeout";
    for (const name of `${benchPy} ${further}`.split(" ")) expect(flags).toContain(`--${name}`);
  });

  it("give a key only by variable", () => {
    expect(toVariableDocs().map(([name]) => name)).toEqual([
      "SERVER_BENCH_API_KEY",
      "LLAMA_SERVER_BIN_PATH",
      "BENCH_K6_BIN_PATH",
    ]);
  });
});

describe("flags as texts", () => {
  it("keep a repeated flag's words apart", () => {
    expect(toFlagTexts({ llamaServerArg: ["--flash-attn on", "--mlock"] })).toEqual({
      "llama-server-arg": '["--flash-attn on","--mlock"]',
    });
  });

  it("read a bare --http-debug as brief", () => {
    expect(toFlagTexts({ httpDebug: true })).toEqual({ "http-debug": "brief" });
    expect(toFlagTexts({ httpDebug: "full" })).toEqual({ "http-debug": "full" });
  });

  it("notice a flag that swallowed the next one", () => {
    expect(() => toFlagTexts({ url: "--vus" })).toThrow("`--url` needs a value, got the flag `--vus`.");
    expect(toFlagTexts({ systemPrompt: "--be brief--" })).toEqual({ "system-prompt": "--be brief--" });
  });

  it("write out llama.cpp's -ngl", () => {
    expect(writeOutShortFlags(["-ngl", "33", "-ngl=4", "-nglx"])).toEqual([
      "--n-gpu-layers",
      "33",
      "--n-gpu-layers=4",
      "-nglx",
    ]);
  });
});
