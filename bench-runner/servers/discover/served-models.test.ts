import { describe, expect, it } from "vitest";
import { describeSkipped, readProxyModels, toServedModels } from "./served-models.ts";

describe("the models that `--model all` measures", () => {
  it("are those that generate text, as a LiteLLM proxy says it", () => {
    const data = [
      { model_name: "gpt-4o", model_info: { mode: "chat" } },
      { model_name: "base", model_info: { mode: "completion" } },
      { model_name: "vectors", model_info: { mode: "embedding" } },
      { model_name: "embed-chat", model_info: { mode: "chat" } },
      { model_name: "own", model_info: { mode: null } },
      null,
    ];
    const proxy = readProxyModels({ status: 200, text: JSON.stringify({ data }) });
    const names = ["gpt-4o", "base", "vectors", "embed-chat", "own", "openai/*"];
    expect(toServedModels({ names }, proxy)).toEqual({
      names: ["gpt-4o", "base", "embed-chat", "own"],
      skipped: [
        { name: "vectors", reason: "for embedding" },
        { name: "openai/*", reason: "a wildcard of the proxy" },
      ],
    });
  });

  it.each([
    ["text-embedding-3-small", true],
    ["bge-reranker", true],
    ["nomic-embed-text:latest", true],
    ["whisper-1", true],
    ["llama-3.1-8b-instruct", false],
    ["rembedded-chat", false],
  ])("are judged by their names where no mode is known: %s", (name, isSkipped) => {
    expect(toServedModels({ names: [name] }).skipped.length).toBe(isSkipped ? 1 : 0);
  });

  it("are not those that LiteLLM lists for a wildcard, which share its id", () => {
    const wild = ["openai/gpt-4o", "openai/o3", "openai/gpt-5", "openai/o1"];
    const data = [
      { model_name: "first", model_info: { id: "1" } },
      { model_name: "first", model_info: { id: "2" } },
      ...wild.map((model_name) => ({ model_name, model_info: { id: "3", mode: "chat" } })),
    ];
    const proxy = readProxyModels({ status: 200, text: JSON.stringify({ data }) });
    const { names, skipped } = toServedModels({ names: ["first", ...wild] }, proxy);
    expect(names).toEqual(["first"]);
    expect(describeSkipped(skipped)).toEqual([
      "`--model all` leaves out (a wildcard of the proxy): `openai/gpt-4o`, `openai/o3`, `openai/gpt-5` and 1 more.",
    ]);
  });

  it("are all that are listed where the proxy says nothing of them", () => {
    for (const answer of [{ problem: "no connection" }, { status: 403, text: "{}" }]) {
      expect(toServedModels({ names: ["a", "b"] }, readProxyModels(answer)).names).toEqual(["a", "b"]);
    }
  });
});
