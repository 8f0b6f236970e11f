import { describe, expect, it } from "vitest";
import { readModes, toServedModels } from "./served-models.ts";

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
    const modes = readModes({ status: 200, text: JSON.stringify({ data }) });
    const names = ["gpt-4o", "base", "vectors", "embed-chat", "own", "openai/*"];
    expect(toServedModels({ names }, modes)).toEqual({
      names: ["gpt-4o", "base", "embed-chat", "own"],
      skipped: [
        { name: "vectors", reason: "it is for embedding" },
        { name: "openai/*", reason: "it stands for many models" },
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
    expect(toServedModels({ names: [name] }, new Map()).skipped.length).toBe(isSkipped ? 1 : 0);
  });

  it("have no mode where the proxy does not answer", () => {
    expect(readModes({ problem: "no connection" }).size).toBe(0);
    expect(readModes({ status: 403, text: "{}" }).size).toBe(0);
  });
});
