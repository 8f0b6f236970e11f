import { describe, expect, it } from "vitest";
import { resolveLoad } from "./resolve-load.ts";

const resolve = (flags: Record<string, string>) => resolveLoad({ flags });

describe("options that contradict each other", () => {
  it.each([
    [
      { "prefix-tokens": "9" },
      "`--prefix-tokens` (SERVER_BENCH_PREFIX_TOKENS) has no effect without `--prompt-tokens`",
    ],
    [
      { "prefix-groups": "2", "prompt-tokens": "9" },
      "`--prefix-groups` (SERVER_BENCH_PREFIX_GROUPS) has no effect without `--prefix-tokens`",
    ],
    [{ "output-length": "limit" }, "has no effect without `--output-tokens`"],
    [{ history: "dataset" }, "has no effect without `--max-turns` above 1"],
    [{ "think-time": "2" }, "has no effect without `--max-turns` above 1"],
    [{ "prompt-tokens": "9", dataset: "a.jsonl" }, "prompts are either synthetic or from a dataset"],
    [{ "prompt-tokens": "9", mix: "chat" }, "prompts are either synthetic or from datasets"],
    [{ "prompt-tokens": "9", "prompt-type": "short" }, "`--prompt-type` (SERVER_BENCH_PROMPT_TYPE)"],
    [{ "system-prompt": "Be brief.", "system-prompt-file": "a.txt" }, "both set the system message"],
    [{ trace: "a.csv", "max-turns": "2" }, "leave `--max-turns` (SERVER_BENCH_MAX_TURNS) out"],
    [{ trace: "a.csv", "output-tokens": "9" }, "leave `--output-tokens` (SERVER_BENCH_OUTPUT_TOKENS) out"],
    [{ mode: "sync", "abort-after-tokens": "3", "abort-share": "0.1" }, "needs a stream"],
    [{ endpoint: "completions", tools: "[]" }, "a request to `/v1/completions` has no field for it"],
    [{ "prompt-tokens": "9", "max-turns": "2", history: "dataset" }, "synthetic prompts have no answers"],
  ])("%j: %s", (flags, sentence) => {
    expect(() => resolve(flags as unknown as Record<string, string>)).toThrow(sentence);
  });
});

describe("the default system prompt", () => {
  const promptOf = (flags: Record<string, string>) => resolve(flags).load.systemPrompt;

  it("is there for chat with a dataset, and nowhere where every token counts or roles mean nothing", () => {
    expect(promptOf({})).toBe("You are a helpful assistant.");
    expect(promptOf({ "prompt-tokens": "9" })).toBe("");
    expect(promptOf({ endpoint: "completions" })).toBe("");
    expect(promptOf({ "prompt-tokens": "9", "system-prompt": "Be brief." })).toBe("Be brief.");
  });
});

describe("a workload's even arrivals", () => {
  it("give way to a function or a trace, which say themselves how arrivals follow one another", () => {
    expect(resolve({ workload: "low-load", trace: "a.csv" }).given).not.toContain("arrivals");
    expect(resolve({ workload: "low-load", "arrivals-function": "t" }).given).not.toContain("arrivals");
    expect(resolve({ workload: "low-load" }).given).toContain("arrivals");
  });
});
