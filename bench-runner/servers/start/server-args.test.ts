import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../../config/config.ts";
import { toCacheVariables, toServerArgs, toServerUrl, toServerVariables } from "./server-args.ts";

const address = { host: "127.0.0.1", port: 9000 };
const start = ["--alias", "my-model", "--host", "127.0.0.1", "--port", "9000", "--metrics"];

function argsFor(flags: Record<string, string>): string[] {
  const config = resolveConfig({ flags: { model: "m.gguf", ...flags }, variables: {} });
  return toServerArgs(config, { kind: "file", path: "/m.gguf" }, address);
}

describe("llama-server's command line", () => {
  const rows: [string, Record<string, string>, string[]][] = [
    ["says the port, the alias and --metrics even when nothing is asked for", {}, ["--parallel", "8"]],
    ["takes the number of slots", { parallel: "4" }, ["--parallel", "4"]],
    [
      "takes the context, 0 being the model's own",
      { "ctx-size": "0" },
      ["--parallel", "8", "--ctx-size", "0"],
    ],
    [
      "takes both batch sizes",
      { "batch-size": "2048", "ubatch-size": "256" },
      ["--parallel", "8", "--batch-size", "2048", "--ubatch-size", "256"],
    ],
    ["takes GPU layers as a number", { "n-gpu-layers": "33" }, ["--parallel", "8", "--n-gpu-layers", "33"]],
    ["takes GPU layers as a word", { "n-gpu-layers": "all" }, ["--parallel", "8", "--n-gpu-layers", "all"]],
    [
      "splits a further flag from its value, and puts it last",
      { "llama-server-arg": '["--flash-attn on", "--no-warmup"]' },
      ["--parallel", "8", "--flash-attn", "on", "--no-warmup"],
    ],
    [
      "leaves a value with spaces whole",
      { "llama-server-arg": '["--chat-template", "a b c"]' },
      ["--parallel", "8", "--chat-template", "a b c"],
    ],
    ["does not take --max-tokens for the context", { "max-tokens": "64" }, ["--parallel", "8"]],
  ];
  for (const [sentence, flags, end] of rows) {
    it(sentence, () => {
      expect(argsFor(flags)).toEqual(["--model", "/m.gguf", ...start, ...end]);
    });
  }

  it("leaves the download to llama-server", () => {
    const config = resolveConfig({ flags: { "hf-repo": "a/b" }, variables: {} });
    expect(toServerArgs(config, { kind: "hub", repo: "a/b" }, address).slice(0, 3)).toEqual([
      "--hf-repo",
      "a/b",
      "--alias",
    ]);
    expect(toServerArgs(config, { kind: "hub", repo: "a/b", file: "c.gguf" }, address).slice(0, 4)).toEqual([
      "--hf-repo",
      "a/b",
      "--hf-file",
      "c.gguf",
    ]);
  });

  it("names the folder for downloads by variable", () => {
    expect(toServerVariables("/models")).toEqual({ LLAMA_CACHE: "/models" });
    expect(toServerVariables(undefined)).toEqual({});
  });
});

describe("a llama-server that gets several loads", () => {
  const variablesFor = (flags: Record<string, string>, around: Record<string, string> = {}) => {
    const config = resolveConfig({ flags: { model: "m.gguf", ...flags }, variables: {} });
    return toCacheVariables(config, argsFor(flags), around);
  };

  it("can be told to forget prompts: it erases slots, and keeps none in host memory", () => {
    expect(variablesFor({})).toEqual({ LLAMA_ARG_SLOT_SAVE_PATH: tmpdir(), LLAMA_ARG_CACHE_RAM: "0" });
  });

  it("keeps what the user chose, and the cache that later turns of conversations need", () => {
    const own = '["--cache-ram 512", "--slot-save-path=/slots"]';
    expect(variablesFor({ "llama-server-arg": own })).toEqual({});
    expect(variablesFor({}, { LLAMA_ARG_CACHE_RAM: "99" })).not.toHaveProperty("LLAMA_ARG_CACHE_RAM");
    expect(variablesFor({ "max-turns": "3" })).not.toHaveProperty("LLAMA_ARG_CACHE_RAM");
  });
});

describe("the server's URL", () => {
  const rows: [string, string][] = [
    ["127.0.0.1", "http://127.0.0.1:9000"],
    ["localhost", "http://localhost:9000"],
    ["0.0.0.0", "http://127.0.0.1:9000"],
    ["::", "http://[::1]:9000"],
    ["::1", "http://[::1]:9000"],
  ];
  it.each(rows)("for a server that listens on %s is %s", (host, url) => {
    expect(toServerUrl({ host, port: 9000 })).toBe(url);
  });
});
