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

describe("the list of models", () => {
  const listed = (status: number, value: unknown) =>
    listModels(
      toAnswers({
        "/v1/models": { status, text: typeof value === "string" ? value : JSON.stringify(value) },
      }),
    );

  it("may be bare, and have nulls in it", () => {
    expect(listed(200, [{ id: "a" }, null, { id: null }, { id: "b" }, { id: "a" }]).names).toEqual([
      "a",
      "b",
    ]);
    expect(listed(200, { data: [null, { id: "a", owned_by: null }] }).names).toEqual(["a"]);
  });

  it("may be very long", () => {
    const all = Array.from({ length: 300_000 }, (_, index) => ({ id: `m${index}` }));
    expect(listed(200, { data: all }).names).toHaveLength(300_000);
  });

  const rows: [string, number, unknown, object][] = [
    ["is empty", 200, { data: [] }, {}],
    ["is empty, and bare", 200, [], {}],
    ["is not there", 404, "", { unknown: "the server has no `/v1/models`" }],
    ["is something else", 200, { ok: true }, { unknown: "`/v1/models` has no list" }],
    ["is null", 200, { data: null }, { unknown: "`/v1/models` has no list" }],
    [
      "fails with LiteLLM's words for a wrong key",
      400,
      { error: { message: "No connected db.", code: "400" } },
      { unknown: "`/v1/models` answered 400: No connected db", isFailing: true },
    ],
    ["fails with a page", 500, "<p>no</p>", { unknown: "`/v1/models` answered 500", isFailing: true }],
  ];
  it.each(rows)("%s", (_, status, value, more) => {
    expect(listed(status, value)).toEqual({ names: [], source: "`/v1/models`", ...more });
  });

  it("is not answered", () => {
    const answers = { ...toAnswers({}), "/v1/models": { problem: "ECONNRESET" } };
    expect(listModels(answers)).toMatchObject({ unknown: "`/v1/models` was not answered (ECONNRESET)" });
  });
});

describe("a server that cannot be measured is one clear sentence", () => {
  const refused = toAnswers({ "/v1/models": { status: 401, text: "" } });
  const words = toAnswers({ "/v1/models": { status: 403, text: '{"detail":"no team of yours"}' } });
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
    ["it says why", words, true, /\(`\/v1\/models` answered 403: no team of yours\)/],
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
