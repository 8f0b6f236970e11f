import { describe, expect, it } from "vitest";
import { resolveLoad } from "./resolve-load.ts";

const resolve = (flags: Record<string, string>) => resolveLoad({ flags });

describe("an option that an API does not support is refused with a remedy", () => {
  it.each([
    [
      { endpoint: "generate", tools: "[]" },
      "`--tools` (SERVER_BENCH_TOOLS): a request to `/generate` has no field for it. Leave it or `--endpoint generate` out; server-specific fields go into `--extra-body`.",
    ],
    [{ endpoint: "messages", "min-p": "0.1" }, "`--min-p` (SERVER_BENCH_MIN_P): a request to `/v1/messages`"],
    [{ endpoint: "responses", stop: "END" }, "`--stop` (SERVER_BENCH_STOP): a request to `/v1/responses`"],
    [{ endpoint: "ollama", "cache-prompt": "off" }, "`--cache-prompt` (SERVER_BENCH_CACHE_PROMPT)"],
    [
      { endpoint: "generate", mode: "sync" },
      "`--mode` (SERVER_BENCH_MODE): a whole answer of `--endpoint generate` does not report its length. Use `--mode stream`.",
    ],
    [
      { endpoint: "messages", "output-tokens": "9" },
      "`--endpoint messages` cannot ask for an answer of an exact length. Add `--output-length limit`.",
    ],
    [{ endpoint: "ollama", trace: "a.csv" }, "cannot ask for an answer of an exact length"],
    [
      { endpoint: "generate", "max-turns": "2" },
      "answers of `--endpoint generate` repeat their prompt. Add `--history dataset`, or use another endpoint.",
    ],
    [
      { endpoint: "ppl", "max-turns": "2" },
      "`--max-turns` (SERVER_BENCH_MAX_TURNS) is not supported over gRPC: leave it or `--endpoint ppl` out.",
    ],
    [{ endpoint: "ppl", "arrivals-function": "t", "skip-idle-min": "1" }, "`--skip-idle-min`"],
    [{ endpoint: "ppl", "abort-share": "0.1", "abort-after-ms": "5" }, "`--abort-share`"],
  ])("%j: %s", (flags, sentence) => {
    expect(() => resolve(flags as unknown as Record<string, string>)).toThrow(sentence);
  });
});

describe("what an API has a place for is taken", () => {
  it.each([
    { endpoint: "messages", "output-tokens": "9", "output-length": "limit" },
    { endpoint: "completion", "output-tokens": "9", "cache-prompt": "off" },
    { endpoint: "generate", "max-turns": "2", history: "dataset" },
    { endpoint: "generate-stream", mode: "sync", stop: "END" },
    { endpoint: "ollama", tools: "[]", "min-p": "0.1", "max-turns": "3" },
  ])("%j", (flags) => {
    expect(resolve(flags as unknown as Record<string, string>).load.endpoint).toBe(flags.endpoint);
  });

  it("has no system prompt of its own where prompts are texts", () => {
    expect(resolve({ endpoint: "generate" }).load.systemPrompt).toBe("");
    expect(resolve({ endpoint: "messages" }).load.systemPrompt).toBe("You are a helpful assistant.");
  });
});
