import { describe, expect, it } from "vitest";
import { parseGpus, toServerFacts } from "./environment.ts";

describe("nvidia-smi's table", () => {
  it("becomes one entry per GPU", () => {
    expect(parseGpus("NVIDIA H200, 143771, 570.86\nNVIDIA H200, 143771, 570.86\n")).toEqual([
      { name: "NVIDIA H200", memoryMiB: 143_771, driver: "570.86" },
      { name: "NVIDIA H200", memoryMiB: 143_771, driver: "570.86" },
    ]);
  });

  it("leaves out what the GPU does not report", () => {
    expect(parseGpus("NVIDIA Thor, [N/A], 580\n")).toEqual([{ name: "NVIDIA Thor", driver: "580" }]);
    expect(parseGpus("")).toEqual([]);
  });
});

describe("what a server reports about itself", () => {
  it("is read from llama-server's /props and /v1/models", () => {
    const props = {
      build_info: "b11669",
      total_slots: 4,
      model_path: "/m.gguf",
      default_generation_settings: { n_ctx: 2048 },
    };
    expect(toServerFacts(props, { data: [{ id: "my-model" }] })).toEqual({
      build: "b11669",
      models: ["my-model"],
      slots: 4,
      contextPerSlot: 2048,
      modelPath: "/m.gguf",
    });
  });

  it("may be the models alone, or nothing", () => {
    expect(toServerFacts(undefined, { object: "list", data: [{ id: "a" }, { id: "b" }, {}] })).toEqual({
      models: ["a", "b"],
    });
    expect(toServerFacts(undefined, [{ id: "a" }, null])).toEqual({ models: ["a"] });
    expect(toServerFacts(undefined, { data: [null, { id: null }, { id: "b" }] })).toEqual({ models: ["b"] });
    expect(toServerFacts(undefined, undefined)).toEqual({});
    expect(toServerFacts({ total_slots: "4" }, { data: "x" })).toEqual({});
  });
});
