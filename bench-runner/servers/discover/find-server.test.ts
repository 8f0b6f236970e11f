import { describe, expect, it } from "vitest";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { EXAMPLE_ANSWERS, toAnswers } from "../../../test/unit-support/examples/example-answers.ts";
import type { Answers } from "./answers.ts";
import { findEndpoint } from "./endpoint.ts";
import { findTrouble } from "./find-trouble.ts";
import { listModels } from "./models.ts";
import { recognizeSoftware } from "./software.ts";

const answersOf = (name: string) => EXAMPLE_ANSWERS[name] as Answers;
const hasOllama = (LOAD_OPTIONS.endpoint.choices as readonly string[]).includes("ollama");

describe("a server is recognised by its answers", () => {
  const rows: [string, string | undefined, string | undefined, string | undefined, string[]][] = [
    ["llama-server", "llama-server", "b6500-abc", "chat", ["smollm2"]],
    ["vllm", "vLLM", "0.10.2", "chat", ["Qwen/Qwen3-8B"]],
    ["sglang", "SGLang", undefined, "chat", ["Qwen/Qwen3-8B"]],
    ["tgi", "TGI", "3.3.0", "generate-stream", ["meta-llama/Llama-3.1-8B"]],
    ["ollama", "Ollama", "0.12.3", hasOllama ? "ollama" : "chat", ["llama3.2:1b", "qwen3:8b"]],
    ["lm-studio", "LM Studio", undefined, "chat", ["qwen3-4b"]],
    ["litellm", "LiteLLM", undefined, "chat", ["gpt-4o", "local-qwen"]],
    ["anthropic", "Anthropic's API", undefined, "messages", ["claude-test"]],
    ["openai-compatible", undefined, undefined, "chat", ["a-model"]],
    ["only-generate", undefined, undefined, "generate", []],
    ["only-completions", undefined, undefined, "completions", []],
    ["nothing", undefined, undefined, undefined, []],
  ];
  it.each(rows)("%s", (name, software, version, endpoint, models) => {
    const answers = answersOf(name);
    const found = recognizeSoftware(answers);
    expect(found?.name).toBe(software);
    expect(found?.version).toBe(version);
    expect(findEndpoint(answers, found)?.name).toBe(endpoint);
    expect(listModels(answers).names).toEqual(models);
    expect(findTrouble(answers, "http://h", false)).toBeUndefined();
  });

  it("TGI that has OpenAI's API is asked by it", () => {
    const answers = { ...answersOf("tgi"), "/v1/models": { status: 200, text: '{"data":[]}' } };
    expect(findEndpoint(answers, recognizeSoftware(answers))?.name).toBe("chat");
  });
});

describe("a server that cannot be measured is one clear sentence", () => {
  const refused = toAnswers({ "/v1/models": { status: 401, text: "" } });
  const silent = Object.fromEntries(
    Object.keys(toAnswers({})).map((path) => [path, { problem: "ECONNREFUSED" }]),
  );
  const untrusted = { "/v1/models": { problem: "DEPTH_ZERO_SELF_SIGNED_CERT" } };
  const rows: [string, Answers, boolean, RegExp | undefined][] = [
    ["nothing answers", silent, false, /^No server answers at http:\/\/h \(ECONNREFUSED\)\. Start it/],
    ["its certificate is not trusted", untrusted, false, /is not trusted .*`--ca-file FILE`.*`--insecure`/],
    ["it is loading", toAnswers({ "/health": { status: 503, text: "" } }), false, /is not ready/],
    [
      "it requires a key",
      refused,
      false,
      /refuses access.*Set `SERVER_BENCH_API_KEY`.*`--api-key-file FILE`/,
    ],
    ["it requires another key", refused, true, /refuses access.*Check the key in `SERVER_BENCH_API_KEY`/],
    [
      "it hangs up on a path it does not know",
      { ...toAnswers({}), "/props": { problem: "ECONNRESET" } },
      false,
      undefined,
    ],
  ];
  it.each(rows)("%s", (_, answers, hasKey, message) => {
    const trouble = findTrouble(answers, "http://h", hasKey)?.message;
    if (message === undefined) expect(trouble).toBeUndefined();
    else expect(trouble).toMatch(message);
  });
});
